package lowrank.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TablesTest {
    private final Table table = Table.create("steps")
            .addColumns(
                    StringColumn.create("Method", "exact <SVD>", "tracked"),
                    IntColumn.create("Steps", new int[] {12345, 7}),
                    DoubleColumn.create("Loss", 0.123456789, 2),
                    StringColumn.create("Time", "2.1 s", "65 ms"));

    @Test
    void numbersAndNumbersWithUnitsStandToTheRightAndWordsToTheLeft() {
        String html = Tables.html(table, "Time of a step").html();
        assertEquals(1 + 3, html.split("text-align:left", -1).length - 1, "the caption and the first column");
        assertEquals(3 * 3, html.split("text-align:right", -1).length - 1);
    }

    @Test
    void theTextIsATableInPlainCharacters() {
        assertEquals("""
        Time of a step
          Method        Steps    Loss   Time
        ------------------------------------
          exact <SVD>  12,345  0.1235  2.1 s
        * tracked           7  2.0000  65 ms""", Tables.html(table, "Time of a step", 1).toString());
    }

    @Test
    void textIsEscapedAndNoScriptOrColourOfTextIsSet() {
        String html = Tables.html(table, "a & b").html();
        assertTrue(html.contains("exact&nbsp;&lt;SVD&gt;") && html.contains("a &amp; b"));
        assertFalse(html.contains("<script") || html.contains("class="));
    }

    @Test
    void ranksAndNamesAreNotBrokenWhereStylesAreTakenAway() {
        Table ranks = Table.create(
                StringColumn.create("Method", "aware-fine-tuned"), StringColumn.create("Ranks", "14 8 7 7 7"));
        String html = Tables.html(ranks, "").html();
        assertTrue(
                html.contains("aware&#8209;fine&#8209;tuned") && html.contains("14&nbsp;8&nbsp;7&nbsp;7&nbsp;7"), html);
        assertTrue(html.startsWith("<div style=\"overflow-x:auto\">"), "a wide table scrolls in a box of its own");
    }

    @Test
    void numbersOfAColumnHaveOneForm() {
        Table steps = Table.create(
                DoubleColumn.create("dense steps", 1, 0.88, 20.46),
                DoubleColumn.create("ms", 55.5, 10123.44, 47),
                DoubleColumn.create("gap", 1e-5, 0.5, Double.NaN));
        String text = Tables.html(steps, "").text();
        assertTrue(text.contains("1.00") && text.contains("0.88") && text.contains("20.46"), text);
        assertTrue(text.contains("55.5") && text.contains("10,123.4") && text.contains("47.0"), text);
        assertTrue(text.contains("1.00e-05") || text.contains("1.000e-05"), text);
    }

    @Test
    void refusesToMarkARowThatIsNotThere() {
        var error = assertThrows(IllegalArgumentException.class, () -> Tables.html(table, "", 2));
        assertEquals("row 2 is outside 0..1, the rows of the table", error.getMessage());
    }

    @Test
    void gainsAreDifferencesToTheRowBeforeAndStandToTheRight() {
        Map<String, double[]> accuracies = new LinkedHashMap<>();
        accuracies.put("plain", new double[] {0.9, 0.6});
        accuracies.put("weighted", new double[] {0.9512, 0.5});
        Table gains = Tables.gains(List.of("Step", "D = 20", "D = 10"), accuracies);
        assertEquals(
                List.of("90.00 %", "95.12 % (+5.12)"),
                gains.stringColumn("D = 20").asList());
        assertEquals(
                List.of("60.00 %", "50.00 % (−10.00)"),
                gains.stringColumn("D = 10").asList());
        assertEquals(3 * 2, Tables.html(gains, "").html().split("text-align:right", -1).length - 1);
    }
}
