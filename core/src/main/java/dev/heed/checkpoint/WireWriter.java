package dev.heed.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message in Protocol Buffers' wire format, written field by field: what {@link WireReader}
 * reads.
 */
public final class WireWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * Writes a whole number.
   *
   * @param field its number in its message, from 1
   * @param value what it holds
   * @return this
   */
  public WireWriter number(int field, long value) {
    varint(WireReader.tag(field, WireReader.VARINT));
    varint(value);
    return this;
  }

  /**
   * Writes a float.
   *
   * @param field its number in its message, from 1
   * @param value what it holds
   * @return this
   */
  public WireWriter float32(int field, float value) {
    varint(WireReader.tag(field, WireReader.FIXED32));
    fixed(Float.floatToRawIntBits(value), Float.BYTES);
    return this;
  }

  /**
   * Writes a double.
   *
   * @param field its number in its message, from 1
   * @param value what it holds
   * @return this
   */
  public WireWriter float64(int field, double value) {
    varint(WireReader.tag(field, WireReader.FIXED64));
    fixed(Double.doubleToRawLongBits(value), Double.BYTES);
    return this;
  }

  /**
   * Writes a text.
   *
   * @param field its number in its message, from 1
   * @param value what it holds
   * @return this
   */
  public WireWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a message within this one.
   *
   * @param field its number in its message, from 1
   * @param value what it holds so far
   * @return this
   */
  public WireWriter message(int field, WireWriter value) {
    return bytes(field, value.toByteArray());
  }

  /** What was written. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }

  private WireWriter bytes(int field, byte[] value) {
    varint(WireReader.tag(field, WireReader.BYTES));
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long left = value;
    for (; (left & ~0x7fL) != 0; left >>>= 7) {
      out.write((int) (left | 0x80));
    }
    out.write((int) left);
  }

  private void fixed(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> (i * Byte.SIZE)));
    }
  }
}
