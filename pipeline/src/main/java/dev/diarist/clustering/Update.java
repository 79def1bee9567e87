package dev.diarist.clustering;

/**
 * The Lance–Williams formulas: the distance of cluster i to the union of x and y.
 *
 * <p>Source: scipy {@code _hierarchy_distance_update.pxi}. The order of the operations decides the
 * last bits.
 */
@FunctionalInterface
interface Update {
  /**
   * @param dx distance of i and x
   * @param dy distance of i and y
   * @param dxy distance of x and y
   * @param nx members of x
   * @param ny members of y
   * @param ni members of i
   */
  double distance(double dx, double dy, double dxy, double nx, double ny, double ni);

  Update AVERAGE = (dx, dy, dxy, nx, ny, ni) -> (nx * dx + ny * dy) / (nx + ny);

  Update CENTROID =
      (dx, dy, dxy, nx, ny, ni) ->
          Math.sqrt(
              ((nx * dx * dx + ny * dy * dy) - (nx * ny * dxy * dxy) / (nx + ny)) / (nx + ny));

  Update COMPLETE = (dx, dy, dxy, nx, ny, ni) -> Math.max(dx, dy);

  Update MEDIAN =
      (dx, dy, dxy, nx, ny, ni) -> Math.sqrt(0.5 * (dx * dx + dy * dy) - 0.25 * dxy * dxy);

  Update WARD =
      (dx, dy, dxy, nx, ny, ni) -> {
        double t = 1 / (nx + ny + ni);
        return Math.sqrt((ni + nx) * t * dx * dx + (ni + ny) * t * dy * dy - ni * t * dxy * dxy);
      };

  Update WEIGHTED = (dx, dy, dxy, nx, ny, ni) -> 0.5 * (dx + dy);
}
