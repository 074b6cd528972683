package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lowrank.results.Results;
import lowrank.results.Samples;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ResultTableTest {
    private final Table twoSeeds = Samples.of(
            Samples.truncated(20, 1, 0.94), Samples.truncated(20, 2, 0.96),
            Samples.dense(1, 0.985), Samples.dense(2, 0.985),
            Samples.fineTuned(20, 1, 0.98), Samples.fineTuned(20, 2, 0.98));

    @Test
    void theDenseNetworkIsTheFirstRow() {
        assertEquals("dense", ResultTable.of(twoSeeds).table().getString(0, "Method"));
        assertEquals("–", ResultTable.of(twoSeeds).table().getString(0, "D"));
    }

    @Test
    void aRowIsMeanAndSampleStandardDeviationOverItsSeeds() {
        Table table = ResultTable.of(twoSeeds).table();
        assertEquals("95.00 ± 1.41 %", table.getString(1, "Test accuracy"), "deviation of 94 and 96 is the root of 2");
        assertEquals(3, table.rowCount());
    }

    @Test
    void oneSeedHasNoDeviation() {
        ResultTable result = ResultTable.of(Samples.of(Samples.dense(1, 0.985), Samples.truncated(20, 1, 0.94)));
        assertEquals("98.50 %", result.table().getString(0, "Test accuracy"));
        assertEquals("MNIST, 1 seed", result.table().name());
    }

    @Test
    void theTitleNamesDataAndSeeds() {
        assertEquals(
                "MNIST, mean ± standard deviation over 2 seeds",
                ResultTable.of(twoSeeds).table().name());
    }

    @Test
    void parametersShareAndBytesPrintReadablyAndStayExact() {
        Table table = ResultTable.of(twoSeeds).table();
        assertEquals("215,370", table.getString(2, "Parameters"));
        assertEquals("4.30 %", table.getString(2, "Share of dense"));
        assertEquals("0.86 MB", table.getString(2, "File size"));
        assertEquals(862_480, table.longColumn("File size").getLong(2));
        assertEquals("4.30 %", table.getString(2, "Share of bytes"));
        assertEquals(
                862_480 / 20_050_960.0, table.doubleColumn("Share of bytes").getDouble(2), 1e-12);
    }

    @Test
    void theBestCompressedRowIsMarkedAndTheDenseOneNever() {
        ResultTable table = ResultTable.of(twoSeeds);
        assertEquals(2, table.best());
        assertTrue(
                table.html("").text().contains("\n* fine-tuned"), table.html("").text());
        assertEquals(-1, ResultTable.of(Samples.of(Samples.dense(1, 0.9))).best());
    }

    @Test
    void aNetworkLargerThanTheDenseOneIsNeverTheBestCompressed() {
        var full = Samples.result("1", "truncated", "full", 1, Samples.DENSE_PARAMETERS * 2, 0.99);
        assertEquals(
                -1, ResultTable.of(Samples.of(Samples.dense(1, 0.98), full)).best());
    }

    @Test
    void precisionsAreRowsOfTheirOwnAndTheDenseNetworkInFewerBytesIsNotCompressed() {
        var small = Samples.result("4", "dense-int8", "full", 1, Samples.DENSE_PARAMETERS, 0.99);
        small.row(0).setLong(Results.BYTES, 5_000_000);
        var aware = Samples.result("4", "aware", "20", 1, 215_370, 0.98);
        var half = Samples.result("4", "aware-float16", "20", 1, 215_370, 0.97);
        ResultTable table = ResultTable.of(Samples.of(small, half, aware, Samples.dense(1, 0.985)));
        assertEquals(
                List.of("dense", "dense-int8", "aware-float16", "aware"),
                table.table().stringColumn("Method").asList());
        assertEquals(3, table.best(), "not dense-int8, which has as many parameters as the dense network");
        assertEquals("24.94 %", table.table().getString(1, "Share of bytes"));
    }

    @Test
    void augmentationIsAColumnOnlyWhereItDiffers() {
        assertFalse(ResultTable.of(twoSeeds).table().containsColumn("Augmentation"));
        var shifted = Samples.with(Samples.result("5", "dense", "full", 1, 10, 0.99), Results.AUGMENTATION, "shift");
        assertTrue(ResultTable.of(Samples.of(Samples.dense(1, 0.98), shifted))
                .table()
                .containsColumn("Augmentation"));
    }

    @Test
    void refusesResultsWithoutADenseNetwork() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> ResultTable.of(Samples.of(Samples.truncated(20, 1, 0.9))));
        assertEquals("no dense network among 1 results; add it as the row to compare with", error.getMessage());
    }
}
