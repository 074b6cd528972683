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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

class ResultsTest {
    @TempDir
    Path folder;

    @Test
    void readsBackWhatItWrote() {
        Path file = folder.resolve("new/results.csv");
        Table results = Samples.of(Samples.dense(1, 1.0 / 3), Samples.truncated(20, 1, 0.9461));
        Results.write(results, file);
        assertEquals(Samples.text(results), Samples.text(Results.read(file)));
    }

    @Test
    void publishedResultsAreWrittenAsTheyWereRead() throws IOException {
        Path published = Path.of("notebooks/report/results.csv");
        Path again = folder.resolve("results.csv");
        Results.write(Results.read(published), again);
        assertEquals(Files.readString(published), Files.readString(again));
    }

    @Test
    void writesADecimalPointInAnyLocale() throws IOException {
        Path file = folder.resolve("results.csv");
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            Results.write(Samples.result("2", "fine-tuned", "20 20", 3, 215_370, 0.9842), file);
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(
                "part,method,augmentation,data,seed,ranks,parameters,bytes,epochs,seconds,"
                        + "validation_accuracy,test_accuracy\n"
                        + "2,fine-tuned,none,MNIST,3,20 20,215370,862480,0,0.0,0.9842,0.9842\n",
                Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,dense,none,MNIST,1,full,10,40,0,0.0,0.9,98.5 | row 2: test_accuracy is 98.5",
                "1,dense,none,MNIST,1,full,10,40,0,0.0,,0.9 | row 2: validation_accuracy is NaN",
                "01,dense,none,MNIST,1,full,0,40,0,0.0,0.9,0.9 | row 2: part is \"01\", parameters is 0.0"
            })
    void brokenRowIsNamedWithFileAndRemedy(String line, String why) throws IOException {
        Path file = folder.resolve("results.csv");
        Results.write(Samples.dense(1, 0.98), file);
        Files.writeString(file, Files.readString(file) + line + "\n");
        var error = assertThrows(IllegalArgumentException.class, () -> Results.read(file));
        assertEquals(file + ": " + why + "; delete the file and run the notebooks again", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,dense,none,MNIST,1,full,10,40,0,0.0,0.9", "1,dense,none,MNIST,one,full,10,40,0,0,1,1"})
    void rowOfAnotherFormIsRefusedWithFileAndRemedy(String line) throws IOException {
        Path file = folder.resolve("results.csv");
        Results.write(Samples.dense(1, 0.98), file);
        Files.writeString(file, Files.readString(file) + line + "\n");
        var error = assertThrows(IllegalArgumentException.class, () -> Results.read(file));
        assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
        assertTrue(error.getMessage().endsWith("; delete the file and run the notebooks again"), error.getMessage());
    }

    @Test
    void foreignHeaderIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("results.csv"), "a,b\n1,2\n");
        var error = assertThrows(IllegalArgumentException.class, () -> Results.read(file));
        assertTrue(error.getMessage().startsWith(file + ": the header is not \"part,method"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "20,20", "20  20", " 20", "20 0", "-1", "Full", "20 full"})
    void refusesRanksThatAreNeitherFullNorPositiveNumbers(String ranks) {
        refuses(Samples.result("1", "truncated", ranks, 1, 10, 0.9), "row 1: ranks is \"" + ranks + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Fine-Tuned", "fine,tuned", "fine\ntuned", "-aware", "aware-"})
    void refusesAMethodThatIsNotLowerCaseWordsAndHyphens(String method) {
        refuses(Samples.result("1", method, "full", 1, 10, 0.9), "row 1: method is \"" + method + "\"");
    }

    private void refuses(Table results, String why) {
        Path file = folder.resolve("results.csv");
        var error = assertThrows(IllegalArgumentException.class, () -> Results.write(results, file));
        assertEquals(why, error.getMessage());
        assertTrue(Files.notExists(file), "nothing is written");
    }

    @Test
    void laterRowTakesThePlaceOfTheSameNetworkAlone() {
        Table aware = Samples.result("4", "aware", "20", 1, 10, 0.9);
        Table again = Samples.result("4", "aware", "20", 1, 12, 0.8);
        Table int8 = Samples.result("4", "aware-int8", "20", 1, 10, 0.9);
        Table shifted = Samples.with(Samples.result("4", "aware", "20", 1, 10, 0.9), Results.AUGMENTATION, "shift");
        Table all = Results.with(Results.with(Samples.of(int8, shifted), aware), again);
        assertEquals(Samples.text(Samples.of(int8, shifted, again)), Samples.text(all));
    }

    @Test
    void rowsAreChosenByMethod() {
        Table all = Samples.of(Samples.dense(1, 0.9), Samples.truncated(20, 1, 0.8), Samples.fineTuned(20, 1, 0.85));
        assertEquals(
                List.of("truncated"),
                Results.of(all, "truncated").stringColumn(Results.METHOD).asList());
        assertEquals(
                List.of("dense"),
                Results.without(all, "truncated", "fine-tuned")
                        .stringColumn(Results.METHOD)
                        .asList());
    }

    @Test
    void unwritableFolderIsNamedWithTheRemedy() throws IOException {
        Files.writeString(folder.resolve("new"), "a file where the folder should be");
        var error = assertThrows(
                UncheckedIOException.class,
                () -> Results.write(Samples.dense(1, 0.98), folder.resolve("new/results.csv")));
        assertTrue(error.getMessage().contains("LOWRANK_OUTPUT"), error.getMessage());
    }

    @Test
    void theStatisticsStandBesideItAndNoTemporaryFile() throws IOException {
        Results.write(Samples.dense(1, 0.98), folder.resolve("results.csv"));
        try (var files = Files.list(folder)) {
            assertEquals(
                    List.of(folder.resolve("results.csv"), folder.resolve("summary.csv")),
                    files.sorted().toList());
        }
    }
}
