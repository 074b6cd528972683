package lowrank.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PublishedTest {
    @Test
    void tellsTheBestOfEachMethodAtARank() {
        assertEquals(Map.of("truncated", 0.960, "fine-tuned", 0.9799, "dynamic", 0.9747), Published.atRank(20));
        assertEquals(Map.of(), Published.atRank(2));
    }

    @Test
    void prunedNetworksAreToldApart() {
        assertTrue(Published.compressed()
                .contains(new Published.Point("Han et al. (NeurIPS 2015) 300-100", "pruned", 0.9841, 22_000)));
        assertEquals(
                List.of("low-rank", "pruned"),
                Published.compressed().stream()
                        .map(Published.Point::kind)
                        .distinct()
                        .toList());
    }

    @Test
    void compressedNetworksHaveParametersAndAreNeverDense() {
        assertTrue(Published.compressed()
                .contains(new Published.Point("DLRT (NeurIPS 2022) 500 wide", "low-rank", 0.9810, 199_940)));
        assertTrue(Published.compressed().stream().allMatch(point -> point.parameters() < Samples.DENSE_PARAMETERS));
    }
}
