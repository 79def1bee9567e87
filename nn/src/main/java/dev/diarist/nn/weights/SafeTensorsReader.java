package dev.diarist.nn.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one safetensors file; takes nothing in it on trust. */
final class SafeTensorsReader {
  static final String METADATA = "__metadata__";

  /** Limit of the reference reader; keeps a false length from being allocated. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  /** Keep what is parsed at once in proportion to the header; a tensor has 14 tokens. */
  private static final int MAX_TOKENS = 500_000;

  private static final int MAX_DEPTH = 8;
  private static final int MAX_NAME_CHARACTERS = 10_000;
  private static final int MAX_TEXT_CHARACTERS = 2_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .maxNameLength(MAX_NAME_CHARACTERS)
                          .maxStringLength(MAX_TEXT_CHARACTERS)
                          .build())
                  .build())
          .build();

  /** A tensor as the header describes it; {@code begin} and {@code end} count from the data. */
  private record Entry(String name, DType type, long[] shape, long begin, long end) {}

  private final MemorySegment file;
  private final String fileName;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  SafeTensorsReader(MemorySegment file, String fileName) {
    this.file = file;
    this.fileName = fileName;
  }

  Weights read() throws WeightsException {
    long headerBytes = headerBytes();
    parse(header(headerBytes));
    MemorySegment data = file.asSlice(LENGTH_BYTES + headerBytes);
    checkLayout(data.byteSize());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      MemorySegment bytes = data.asSlice(entry.begin, entry.end - entry.begin);
      tensors.put(entry.name, new Tensor(entry.type, entry.shape, bytes));
    }
    return Weights.of(tensors, metadata);
  }

  private long headerBytes() throws WeightsException {
    if (file.byteSize() < LENGTH_BYTES) {
      throw error(
          "a safetensors file begins with the 8 bytes of the header length, found only %d bytes"
              .formatted(file.byteSize()));
    }
    long length = file.get(LENGTH, 0);
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw error(
          "the header must have at most %d bytes, its stated length is %s"
              .formatted(MAX_HEADER_BYTES, Long.toUnsignedString(length)));
    }
    if (length > file.byteSize() - LENGTH_BYTES) {
      throw error(
          "the stated length of the header is %d bytes, the file has %d after it"
              .formatted(length, file.byteSize() - LENGTH_BYTES));
    }
    return length;
  }

  private String header(long headerBytes) throws WeightsException {
    byte[] utf8 = file.asSlice(LENGTH_BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    if (utf8.length == 0 || utf8[0] != '{') {
      throw error("the header must begin with '{'");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new WeightsException(fileName + ": the header is not valid UTF-8", e);
    }
  }

  private void parse(String header) throws WeightsException {
    try (JsonParser parser = JSON.createParser(header)) {
      parser.nextToken();
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        parser.nextToken();
        JsonNode value = JSON.readTree(parser);
        if (key.equals(METADATA)) {
          readMetadata(value);
        } else {
          entries.add(entry(key, value));
        }
      }
      if (parser.nextToken() != null) {
        throw error("only spaces may follow the JSON object of the header");
      }
    } catch (WeightsException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw new WeightsException(
          fileName + ": the header is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new WeightsException(fileName + ": the header cannot be read: " + e.getMessage(), e);
    }
  }

  private void readMetadata(JsonNode value) throws WeightsException {
    if (!value.isObject()) {
      throw error(METADATA + " must be an object, found " + value.getNodeType());
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!field.getValue().isTextual()) {
        throw error(
            "%s must hold strings, '%s' is %s"
                .formatted(METADATA, field.getKey(), field.getValue().getNodeType()));
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
  }

  private Entry entry(String name, JsonNode value) throws WeightsException {
    if (!value.isObject()) {
      throw error(name, "must be described by an object, found " + value.getNodeType());
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw error(name, "unknown field '" + field.getKey() + "'");
      }
    }
    DType type = type(name, value.path("dtype"));
    long[] shape = naturals(name, "shape", value.path("shape"));
    long[] offsets = naturals(name, "data_offsets", value.path("data_offsets"));
    if (offsets.length != 2) {
      throw error(name, "data_offsets must be two numbers, found " + offsets.length);
    }
    Entry entry = new Entry(name, type, shape, offsets[0], offsets[1]);
    checkLength(entry);
    return entry;
  }

  private DType type(String name, JsonNode value) throws WeightsException {
    for (DType type : DType.values()) {
      if (type.name().equals(value.textValue())) {
        return type;
      }
    }
    String found = value.isMissingNode() ? "none" : value.toString();
    throw error(name, "dtype must be one of %s, found %s".formatted(types(), found));
  }

  private long[] naturals(String name, String field, JsonNode value) throws WeightsException {
    if (!value.isArray()) {
      String found = value.isMissingNode() ? "none" : value.getNodeType().toString();
      throw error(name, "%s must be an array of integers, found %s".formatted(field, found));
    }
    long[] numbers = new long[value.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = value.get(i);
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw error(
            name,
            "%s must hold integers from 0 to %d, found %s"
                .formatted(field, Long.MAX_VALUE, number));
      }
      numbers[i] = number.longValue();
    }
    return numbers;
  }

  private void checkLength(Entry entry) throws WeightsException {
    long expected;
    try {
      expected = Tensor.byteSize(entry.type, entry.shape);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(inTensor(entry.name, e.getMessage()), e);
    }
    if (entry.end < entry.begin) {
      throw error(
          entry.name,
          "data_offsets must not descend, found [%d, %d]".formatted(entry.begin, entry.end));
    }
    if (entry.end - entry.begin != expected) {
      throw error(
          entry.name,
          "%s of shape %s needs %d bytes, data_offsets [%d, %d] hold %d"
              .formatted(
                  entry.type,
                  Arrays.toString(entry.shape),
                  expected,
                  entry.begin,
                  entry.end,
                  entry.end - entry.begin));
    }
  }

  /** Tensors must tile the data from its first byte to its last. */
  private void checkLayout(long dataBytes) throws WeightsException {
    List<Entry> byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long reached = 0;
    for (Entry entry : byPlace) {
      if (entry.end > dataBytes) {
        throw error(
            entry.name,
            "its data ends at byte %d, the file has %d bytes of data"
                .formatted(entry.end, dataBytes));
      }
      if (entry.begin > reached) {
        throw error(
            entry.name,
            "%d bytes before its data belong to no tensor".formatted(entry.begin - reached));
      }
      if (entry.begin < reached) {
        throw error(
            entry.name,
            "its data begins at byte %d and overlaps another tensor, which ends at byte %d"
                .formatted(entry.begin, reached));
      }
      reached = entry.end;
    }
    if (reached != dataBytes) {
      throw error("%d bytes after the last tensor".formatted(dataBytes - reached));
    }
  }

  private static String types() {
    return String.join(", ", Arrays.stream(DType.values()).map(DType::name).toList());
  }

  private String inTensor(String tensor, String reason) {
    return "%s: tensor '%s': %s".formatted(fileName, tensor, reason);
  }

  private WeightsException error(String tensor, String reason) {
    return new WeightsException(inTensor(tensor, reason));
  }

  private WeightsException error(String reason) {
    return new WeightsException(fileName + ": " + reason);
  }
}
