package dev.diarist.nn.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes one safetensors file. */
final class SafeTensorsWriter {
  private static final int HEADER_ALIGNMENT = 8;

  /** Bytes of a mapped tensor handed to the channel at once; a ByteBuffer holds below 2 GB. */
  private static final long BLOCK_BYTES = 1 << 24;

  private final Path file;
  private final Weights weights;
  private final List<String> byPlace;

  SafeTensorsWriter(Path file, Weights weights) {
    this.file = file;
    this.weights = weights;
    byPlace = new ArrayList<>(weights.names());
    byPlace.sort(Comparator.comparingInt(name -> -weights.tensor(name).type().bytes()));
  }

  void write() throws IOException {
    if (weights.contains(SafeTensorsReader.METADATA)) {
      throw new WeightsException(
          "%s: a tensor must not have the name '%s'".formatted(file, SafeTensorsReader.METADATA));
    }
    Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      writeTo(beside);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private void writeTo(Path target) throws IOException {
    byte[] header = header();
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(header.length).flip();
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(channel, length);
      writeFully(channel, ByteBuffer.wrap(header));
      for (String name : byPlace) {
        writeFully(channel, weights.tensor(name).bytes());
      }
      channel.force(true);
    }
  }

  private byte[] header() throws IOException {
    Map<String, Long> begins = begins();
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(header)) {
      json.writeStartObject();
      if (!weights.metadata().isEmpty()) {
        json.writeObjectFieldStart(SafeTensorsReader.METADATA);
        for (Map.Entry<String, String> field : weights.metadata().entrySet()) {
          json.writeStringField(field.getKey(), field.getValue());
        }
        json.writeEndObject();
      }
      for (String name : weights.names()) {
        writeEntry(json, name, begins.get(name));
      }
      json.writeEndObject();
    }
    byte[] bytes = header.toByteArray();
    int padded = (bytes.length + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
    byte[] aligned = Arrays.copyOf(bytes, padded);
    Arrays.fill(aligned, bytes.length, padded, (byte) ' ');
    return aligned;
  }

  private void writeEntry(JsonGenerator json, String name, long begin) throws IOException {
    Tensor tensor = weights.tensor(name);
    long[] shape = tensor.shape();
    json.writeObjectFieldStart(name);
    json.writeStringField("dtype", tensor.type().name());
    json.writeFieldName("shape");
    json.writeArray(shape, 0, shape.length);
    json.writeFieldName("data_offsets");
    json.writeArray(new long[] {begin, begin + tensor.bytes().byteSize()}, 0, 2);
    json.writeEndObject();
  }

  private Map<String, Long> begins() {
    Map<String, Long> begins = new HashMap<>();
    long begin = 0;
    for (String name : byPlace) {
      begins.put(name, begin);
      begin = Math.addExact(begin, weights.tensor(name).bytes().byteSize());
    }
    return begins;
  }

  private static void writeFully(FileChannel channel, MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += BLOCK_BYTES) {
      long block = Math.min(BLOCK_BYTES, bytes.byteSize() - at);
      writeFully(channel, bytes.asSlice(at, block).asByteBuffer());
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
