package lowrank.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionResultTest {

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.01, 98.5, Double.NaN, Double.POSITIVE_INFINITY})
    void rejectsAnAccuracyThatIsNoFraction(double accuracy) {
        var error = assertThrows(IllegalArgumentException.class, () -> Samples.dense(1, accuracy));
        assertEquals("validation accuracy " + accuracy + " is not a fraction from 0 to 1", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "20,20", "20  20", " 20", "20 0", "-1", "Full", "20 full"})
    void rejectsRanksThatAreNeitherFullNorPositiveNumbers(String ranks) {
        assertThrows(IllegalArgumentException.class, () -> Samples.result("1", "truncated", ranks, 1, 10, 0.9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Fine-Tuned", "fine,tuned", "fine\ntuned", "-aware", "aware-"})
    void rejectsAMethodThatIsNotLowerCaseWordsAndHyphens(String method) {
        assertThrows(IllegalArgumentException.class, () -> Samples.result("1", method, "full", 1, 10, 0.9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01", "0", "one", "1,2"})
    void rejectsAPartThatIsNoPlainNumber(String part) {
        assertThrows(IllegalArgumentException.class, () -> Samples.result(part, "dense", "full", 1, 10, 0.9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aware",
                "aware-fine-tuned",
                "aware-float16",
                "aware-fine-tuned-int8",
                "dense-int8",
                "dynamic-per-epoch"
            })
    void onlyTheDenseNetworkInFloat32IsTheOneToCompareWith(String method) {
        assertFalse(Samples.result("4", method, "45 20 10 10 10", 1, 10, 0.9).isDense());
        assertTrue(Samples.result("4", "dense", "full", 1, 10, 0.9).isDense());
    }

    @Test
    void anotherPrecisionOrAugmentationIsAnotherNetwork() {
        var aware = Samples.result("4", "aware", "20", 1, 10, 0.9);
        assertTrue(aware.isOfSameNetwork(Samples.result("4", "aware", "20", 1, 12, 0.8)));
        assertFalse(aware.isOfSameNetwork(Samples.result("4", "aware-int8", "20", 1, 10, 0.9)));
        assertFalse(aware.isOfSameNetwork(
                new CompressionResult("4", "aware", "shift", "MNIST", 1, "20", 10, 40, 0, 0, 0.9, 0.9)));
    }

    @Test
    void saysEqualRanksOnce() {
        assertEquals("20", Samples.truncated(20, 1, 0.9).shortRanks());
        assertEquals(
                "45 20 10", Samples.result("5", "aware", "45 20 10", 1, 10, 0.9).shortRanks());
        assertEquals("full", Samples.dense(1, 0.9).shortRanks());
    }

    @Test
    void keepsSecondsToATenth() {
        var result = new CompressionResult("1", "dense", "none", "MNIST", 1, "full", 1, 0, 1, 12.3456, 0.5, 0.5);
        assertEquals(12.3, result.seconds());
    }
}
