package dev.heed.explorer;

import dev.heed.web.MultipartForm;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A form with one file.
 *
 * @param file its bytes, of the field {@code file}
 * @param values the other fields; whole numbers as numbers
 */
record FormFields(byte[] file, RequestFields values) {
  private static final String FILE = "file";

  /**
   * Reads a form.
   *
   * @param names that have a meaning besides {@code file}
   * @throws dev.heed.web.Problem 400 for other names, for one that comes twice, and without a file
   */
  static FormFields of(MultipartForm form, Set<String> names) {
    ObjectNode values = JsonMapper.shared().createObjectNode();
    byte[] file = new byte[0];
    Set<String> seen = new HashSet<>();
    for (MultipartForm.Field field : form.fields()) {
      if (!seen.add(field.name())) {
        throw RequestFields.wrong(field.name(), "it once");
      }
      if (field.name().equals(FILE)) {
        file = field.content();
      } else if (field.text().matches("\\d{1,9}") && !field.name().equals("target")) {
        values.put(field.name(), Integer.parseInt(field.text()));
      } else {
        values.put(field.name(), field.text());
      }
    }
    if (file.length == 0) {
      throw RequestFields.wrong(FILE, "a file that is not empty");
    }
    return new FormFields(file, RequestFields.of(values, names));
  }
}
