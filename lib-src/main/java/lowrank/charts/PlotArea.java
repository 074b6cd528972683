package lowrank.charts;

/** The part of an image between two axes. */
record PlotArea(Axis xAxis, Axis yAxis, int left, int right, int top, int bottom) {
    double x(double value) {
        return left + xAxis.position(value) * (right - left);
    }

    double y(double value) {
        return bottom - yAxis.position(value) * (bottom - top);
    }
}
