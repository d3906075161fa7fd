package dev.heed.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds PyTorch archives: pickles opcode by opcode, zips entry by entry. */
final class TorchBytes {
  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

  TorchBytes() {
    op(0x80, 2);
  }

  /** Adds opcodes or their arguments. */
  TorchBytes op(int... bytes) {
    for (int b : bytes) {
      pickle.write(b);
    }
    return this;
  }

  TorchBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X')
        .pickle
        .writeBytes(
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
    pickle.writeBytes(utf8);
    return this;
  }

  TorchBytes name(String module, String name) {
    op('c').pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  TorchBytes number(int value) {
    op('J')
        .pickle
        .writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  TorchBytes tuple(int... values) {
    op('(');
    for (int value : values) {
      number(value);
    }
    return op('t');
  }

  /** Adds {@code _rebuild_tensor_v2(storage, offset, size, stride, False, OrderedDict())}. */
  TorchBytes tensor(
      String storage, String entry, int elements, int offset, int[] size, int[] stride) {
    name("torch._utils", "_rebuild_tensor_v2").op('(');
    op('(')
        .text("storage")
        .name("torch", storage)
        .text(entry)
        .text("cpu")
        .number(elements)
        .op('t', 'Q');
    number(offset).tuple(size).tuple(stride).op(0x89);
    return name("collections", "OrderedDict").op(')', 'R').op('t', 'R');
  }

  byte[] done() {
    pickle.write('.');
    return pickle.toByteArray();
  }

  static TorchBytes dict() {
    return new TorchBytes().op('}', 'q', 0, '(');
  }

  static Path zip(Path file, int method, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        ZipEntry entry = new ZipEntry("archive/" + e.getKey());
        CRC32 crc = new CRC32();
        crc.update(e.getValue());
        entry.setMethod(method);
        entry.setSize(e.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(e.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }
}
