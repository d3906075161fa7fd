package dev.heed.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a body of type {@code multipart/form-data} (RFC 7578), in memory: the body is
 * bounded already, and no file name of a client touches this machine.
 *
 * @param fields in their order
 */
public record MultipartForm(List<Field> fields) {
  private static final int MOST_FIELDS = 256;
  private static final Pattern BOUNDARY =
      Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME =
      Pattern.compile("(?:^|;)\\s*name=\"((?:[^\"\\\\]|\\\\.)*+)\"", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE =
      Pattern.compile("(?:^|;)\\s*filename=\"((?:[^\"\\\\]|\\\\.)*+)\"", Pattern.CASE_INSENSITIVE);
  private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * A field.
   *
   * @param name of the field
   * @param fileName as the client says, or null for a plain value
   * @param content its bytes
   */
  public record Field(String name, @Nullable String fileName, byte[] content) {
    /** Its content as text. */
    public String text() {
      return new String(content, StandardCharsets.UTF_8);
    }
  }

  /** Copies the list. */
  public MultipartForm {
    fields = List.copyOf(fields);
  }

  /**
   * Parses a body.
   *
   * @param type the header {@code Content-Type}
   * @throws Problem 415 for another type, 400 for a body that is cut or malformed
   */
  static MultipartForm parse(@Nullable String type, byte[] body) {
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw new Problem(
          415, "unsupported_media_type", "Content-Type: expected multipart/form-data, got another");
    }
    Matcher boundary = BOUNDARY.matcher(type);
    if (!boundary.find()) {
      throw malformed("a boundary in Content-Type, got none");
    }
    String given = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
    byte[] dashes = ("--" + given).getBytes(StandardCharsets.ISO_8859_1);
    byte[] delimiter = ("\r\n--" + given).getBytes(StandardCharsets.ISO_8859_1);
    List<Field> fields = new ArrayList<>();
    int at = indexOf(body, dashes, 0);
    if (at < 0) {
      throw malformed("the boundary in the body, got none");
    }
    at += dashes.length;
    while (!startsWith(body, at, "--")) {
      if (!startsWith(body, at, "\r\n") || fields.size() == MOST_FIELDS) {
        throw malformed("at most " + MOST_FIELDS + " fields, each after a line of its own");
      }
      int content = indexOf(body, BLANK_LINE, at);
      int end = content < 0 ? -1 : indexOf(body, delimiter, content + 2);
      if (end < 0) {
        throw malformed("a field's head, content and boundary, got a body that is cut");
      }
      String head = new String(body, at, content - at, StandardCharsets.UTF_8);
      int from = Math.min(content + BLANK_LINE.length, end);
      fields.add(field(head, Arrays.copyOfRange(body, from, end)));
      at = end + delimiter.length;
    }
    return new MultipartForm(fields);
  }

  private static Field field(String head, byte[] content) {
    for (String line : head.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase("content-disposition")) {
        String value = line.substring(colon + 1);
        Matcher name = NAME.matcher(value);
        Matcher file = FILE.matcher(value);
        if (name.find()) {
          return new Field(name.group(1), file.find() ? file.group(1) : null, content);
        }
      }
    }
    throw malformed("a name for each field, got a field without");
  }

  private static Problem malformed(String expected) {
    return new Problem(400, "invalid_form", "body: expected " + expected);
  }

  private static boolean startsWith(byte[] body, int at, String text) {
    return at + text.length() <= body.length
        && text.equals(new String(body, at, text.length(), StandardCharsets.ISO_8859_1));
  }

  private static int indexOf(byte[] body, byte[] sought, int from) {
    for (int i = from; i <= body.length - sought.length; i++) {
      if (body[i] == sought[0]
          && Arrays.equals(body, i, i + sought.length, sought, 0, sought.length)) {
        return i;
      }
    }
    return -1;
  }
}
