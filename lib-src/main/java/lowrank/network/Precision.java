package lowrank.network;

/** How the numbers of a network are stored in a file. In any case, the network computes in float32 once loaded. */
public enum Precision {
    /** Four bytes per number, as DL4J trains: nothing is lost. */
    FLOAT32,
    /** Two bytes per number with 11 significant bits, in DL4J's own model file. */
    FLOAT16,
    /** One byte per number and a scale for each row or column of a matrix, in the format of {@link Int8File}. */
    INT8,
    /** The same with integers from −7 to 7 in matrices, which take three to four bits each. */
    INT4
}
