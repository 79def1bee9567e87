package dev.diarist.nn.backend;

/**
 * The tiles of images that {@link WinogradTransforms} are taken over: those of all examples of a
 * batch are counted in a row, and cut into items, the work of one thread at a time.
 *
 * @param height of an image in pixels
 * @param width of an image in pixels
 */
public record WinogradTiles(int height, int width) {
  private static final int TILE = WinogradTransforms.TILE;

  /**
   * Floats of the transformed tiles of an item, at most: a larger item reads the weights less
   * often, a smaller one leaves more of the level 2 cache to them.
   */
  private static final int ITEM_FLOATS = 3 << 17;

  /** Tiles of an item, at most, beyond which nothing is gained from reading weights less often. */
  private static final int ITEM_TILES = 48;

  /** Floats of the pixels that are transformed at once, so that the strip stays in the cache. */
  private static final int STRIP_FLOATS = 256;

  /** Keeps the positions of a tile apart in the cache, whose sets a power of two would share. */
  public static final int SKEW = CacheLine.FLOATS;

  public int perRow() {
    return Math.ceilDiv(width, TILE);
  }

  public int perExample() {
    return Math.ceilDiv(height, TILE) * perRow();
  }

  /**
   * Tiles of an item; the last item may have fewer.
   *
   * @param channels of a pixel
   * @param together what the number is a multiple of: the rows of a product that are taken at once
   */
  public static int perItem(int channels, int together) {
    int tiles = Math.min(ITEM_FLOATS / (WinogradTransforms.POSITIONS * channels), ITEM_TILES);
    return together * Math.max(1, tiles / together);
  }

  /** The example that a tile is of. */
  public int example(int tile) {
    return tile / perExample();
  }

  /** The row of its first pixel. */
  public int row(int tile) {
    return tile % perExample() / perRow() * TILE;
  }

  /** The column of its first pixel. */
  public int column(int tile) {
    return tile % perExample() % perRow() * TILE;
  }

  /** Rows of pixels that a tile has within the image. */
  public int rowsWithin(int tile) {
    return Math.min(TILE, height - row(tile));
  }

  /**
   * Tiles beside each other that are transformed at once, from one on.
   *
   * @param left at most so many
   * @param channels of a pixel
   */
  public int run(int tile, int left, int channels) {
    int inRow = perRow() - tile % perExample() % perRow();
    return Math.min(Math.min(left, inRow), Math.max(1, STRIP_FLOATS / channels));
  }

  /** The last tile of a tile's row of tiles, which may reach beyond the image. */
  public int lastOfRow(int tile) {
    return tile / perRow() * perRow() + perRow() - 1;
  }

  /** Columns of the tiles of a row together: at least {@code width}. */
  public int paddedWidth() {
    return perRow() * TILE;
  }
}
