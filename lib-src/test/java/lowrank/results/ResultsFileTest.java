package lowrank.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsFileTest {
    @TempDir
    Path folder;

    private Path path;
    private ResultsFile file;

    @BeforeEach
    void name() {
        path = folder.resolve("new/results.csv");
        file = new ResultsFile(path);
    }

    @Test
    void aMissingFileHoldsNoResults() {
        assertEquals(List.of(), file.read());
    }

    @Test
    void readsBackWhatItWrote() {
        var results = List.of(Samples.dense(1, 1.0 / 3), Samples.truncated(20, 1, 0.9461));
        file.write(results);
        assertEquals(results, file.read());
    }

    @Test
    void writesTheColumnsOfTheDesignWithADecimalPointInAnyLocale() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            file.write(List.of(new CompressionResult(
                    "2", "fine-tuned", "none", "MNIST", 3, "20 20", 215370, 861480, 6, 18.25, 0.984, 0.9842)));
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(
                "part,method,augmentation,data,seed,ranks,parameters,bytes,epochs,seconds,"
                        + "validation_accuracy,test_accuracy\n"
                        + "2,fine-tuned,none,MNIST,3,20 20,215370,861480,6,18.3,0.984,0.9842\n",
                Files.readString(path));
    }

    @Test
    void replacesItsPartAndKeepsTheOthersInOrderOfPart() {
        var dense = Samples.dense(1, 0.98);
        var third = Samples.result("10", "dynamic", "20", 1, 10, 0.97);
        file.write(List.of(dense, third));
        var second = Samples.fineTuned(20, 1, 0.982);
        file.replacePart("2", List.of(second));
        assertEquals(List.of(dense, second, third), file.read());
        var again = Samples.fineTuned(20, 2, 0.983);
        assertEquals(List.of(), file.replacePart("2", List.of(again)));
        assertEquals(List.of(dense, again, third), file.read());
    }

    @Test
    void dropsAndReturnsLinesOfAnotherDataSet() {
        var mnist = Samples.dense(1, 0.98);
        file.write(List.of(mnist));
        var synthetic = new CompressionResult("2", "dense", "none", "SyntheticDigits", 1, "full", 1, 0, 0, 0, 0.5, 0.5);
        assertEquals(List.of(mnist), file.replacePart("2", List.of(synthetic)));
        assertEquals(List.of(synthetic), file.read());
    }

    @Test
    void refusesAResultOfAnotherPartAndWritesNothing() {
        var results = List.of(Samples.dense(1, 0.98));
        assertThrows(IllegalArgumentException.class, () -> file.replacePart("2", results));
        assertTrue(Files.notExists(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,dense,none,MNIST,1,full,10,40,0,0.0,0.9 | 11 columns in place of 12",
                "1,dense,none,MNIST,1,full,10,40,0,0.0,0.9,98.5 | test accuracy 98.5 is not a fraction from 0 to 1",
                "1,dense,none,MNIST,one,full,10,40,0,0.0,0.9,0.9 | For input string: \"one\""
            })
    void aBrokenLineIsNamedWithFileLineAndRemedy(String line, String why) throws IOException {
        file.write(List.of(Samples.dense(1, 0.98)));
        Files.writeString(path, Files.readString(path) + line + "\n");
        var error = assertThrows(IllegalArgumentException.class, file::read);
        assertEquals(path + " line 3: " + why + "; delete the file and run the notebooks again", error.getMessage());
    }

    @Test
    void aForeignHeaderIsRefused() throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "a,b\n");
        var error = assertThrows(IllegalArgumentException.class, file::read);
        assertTrue(error.getMessage().startsWith(path + " line 1: the header is not"), error.getMessage());
    }

    @Test
    void leavesNoTemporaryFileBesideIt() throws IOException {
        file.write(List.of(Samples.dense(1, 0.98)));
        try (var files = Files.list(path.getParent())) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void anUnwritableFolderIsNamedWithTheRemedy() throws IOException {
        Files.writeString(folder.resolve("new"), "a file where the folder should be");
        var error = assertThrows(UncheckedIOException.class, () -> file.write(List.of(Samples.dense(1, 0.98))));
        assertTrue(error.getMessage().contains("LOWRANK_OUTPUT"), error.getMessage());
    }
}
