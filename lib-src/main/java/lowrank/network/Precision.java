package lowrank.network;

/** How the numbers of a network are kept in a file. Whatever it is, the network computes in float32 once loaded. */
public enum Precision {
    /** Four bytes a number, as DL4J trains: nothing is lost. */
    FLOAT32,
    /** Two bytes a number with 11 significant bits, in DL4J's own model file. */
    FLOAT16,
    /** One byte a number and a scale for each row or column of a matrix, in the form of {@link Int8File}. */
    INT8
}
