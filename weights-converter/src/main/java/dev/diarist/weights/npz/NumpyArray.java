package dev.diarist.weights.npz;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.WeightsException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One array in NumPy's format: a magic text, a version, the length of the header, the header as the
 * text of a Python dictionary, the numbers. Objects, which would be pickled, are refused.
 *
 * <p>Source: numpy/lib/format.py.
 */
final class NumpyArray {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int VERSION_AT = 6;
  private static final int MAX_HEADER_BYTES = 10_000;
  private static final int MAX_RANK = 32;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{ ?'descr': '([<>|=])([a-zA-Z][0-9]{0,3})', 'fortran_order': (True|False),"
              + " 'shape': \\(([0-9L, ]{0,1000})\\),? ?\\} *\\n?");

  private static final Map<String, DType> TYPES =
      Map.ofEntries(
          Map.entry("f2", DType.F16),
          Map.entry("f4", DType.F32),
          Map.entry("f8", DType.F64),
          Map.entry("i1", DType.I8),
          Map.entry("i2", DType.I16),
          Map.entry("i4", DType.I32),
          Map.entry("i8", DType.I64),
          Map.entry("u1", DType.U8),
          Map.entry("u2", DType.U16),
          Map.entry("u4", DType.U32),
          Map.entry("u8", DType.U64),
          Map.entry("b1", DType.BOOL));

  private final byte[] file;
  private final String where;

  private NumpyArray(byte[] file, String where) {
    this.file = file;
    this.where = where;
  }

  /**
   * @param file the whole of it; may be modified
   * @param where what messages begin with
   */
  static Tensor read(byte[] file, String where) throws WeightsException {
    return new NumpyArray(file, where).read();
  }

  private Tensor read() throws WeightsException {
    int headerAt = headerAt();
    int dataAt = headerAt + headerBytes(headerAt);
    String header = new String(file, headerAt, dataAt - headerAt, StandardCharsets.ISO_8859_1);
    Matcher fields = HEADER.matcher(header);
    if (!fields.matches()) {
      throw error(
          "the header must hold descr, fortran_order and shape of an array of numbers, found "
              + header.strip());
    }
    DType type = TYPES.get(fields.group(2));
    if (type == null) {
      throw error(
          "numbers must be of one of %s, found %s".formatted(TYPES.keySet(), header.strip()));
    }
    long[] shape = shape(fields.group(4));
    long bytes;
    try {
      bytes = Tensor.byteSize(type, shape);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(where + ": " + e.getMessage(), e);
    }
    if (bytes != file.length - dataAt) {
      throw error(
          "%s of shape %s needs %d bytes, found %d"
              .formatted(type, Arrays.toString(shape), bytes, file.length - dataAt));
    }
    if (fields.group(1).equals(">")) {
      reverseEach(dataAt, type.bytes());
    }
    boolean columnsFirst = fields.group(3).equals("True") && shape.length > 1;
    MemorySegment data =
        columnsFirst
            ? MemorySegment.ofArray(rowMajor(dataAt, type.bytes(), shape))
            : MemorySegment.ofArray(file).asSlice(dataAt, bytes);
    return new Tensor(type, shape, data);
  }

  /** Behind the length of the header, which has 2 bytes in version 1 and 4 in versions 2 and 3. */
  private int headerAt() throws WeightsException {
    boolean begins =
        file.length > VERSION_AT + 6
            && Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    int version = begins ? file[VERSION_AT] : 0;
    if (version < 1 || version > 3) {
      throw error("an array must begin with NumPy's magic and a version from 1 to 3");
    }
    return VERSION_AT + 2 + (version == 1 ? 2 : 4);
  }

  private int headerBytes(int headerAt) throws WeightsException {
    long length = 0;
    for (int i = headerAt - 1; i >= VERSION_AT + 2; i--) {
      length = length << Byte.SIZE | Byte.toUnsignedLong(file[i]);
    }
    if (length > MAX_HEADER_BYTES || length > file.length - headerAt) {
      throw error(
          "the header must have at most %d bytes and lie in the file, is said to have %d"
              .formatted(MAX_HEADER_BYTES, length));
    }
    return (int) length;
  }

  private long[] shape(String text) throws WeightsException {
    String dimensions = text.replace("L", "").replace(" ", "");
    if (dimensions.isEmpty()) {
      return new long[0];
    }
    String[] parts = dimensions.split(",");
    if (parts.length > MAX_RANK) {
      throw error("must have at most %d dimensions".formatted(MAX_RANK));
    }
    long[] shape = new long[parts.length];
    for (int d = 0; d < shape.length; d++) {
      try {
        shape[d] = Long.parseLong(parts[d]);
      } catch (NumberFormatException e) {
        throw new WeightsException(where + ": no shape: (" + text + ")", e);
      }
    }
    return shape;
  }

  /** The numbers of an array that is stored with its first dimension running fastest. */
  private byte[] rowMajor(int dataAt, int width, long[] shape) {
    byte[] ordered = new byte[file.length - dataAt];
    long[] stride = new long[shape.length];
    long step = width;
    for (int d = 0; d < shape.length; d++) {
      stride[d] = step;
      step *= shape[d];
    }
    long[] index = new long[shape.length];
    long from = dataAt;
    for (int to = 0; to < ordered.length; to += width) {
      System.arraycopy(file, (int) from, ordered, to, width);
      for (int d = shape.length - 1; d >= 0; d--) {
        from += stride[d];
        if (++index[d] < shape[d]) {
          break;
        }
        from -= stride[d] * shape[d];
        index[d] = 0;
      }
    }
    return ordered;
  }

  private void reverseEach(int begin, int width) {
    for (int start = begin; start < file.length; start += width) {
      for (int i = start, j = start + width - 1; i < j; i++, j--) {
        byte swapped = file[i];
        file[i] = file[j];
        file[j] = swapped;
      }
    }
  }

  private WeightsException error(String reason) {
    return new WeightsException(where + ": " + reason);
  }
}
