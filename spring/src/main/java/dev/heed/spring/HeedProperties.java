package dev.heed.spring;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The folders of the models that a program uses.
 *
 * @param embedding makes vectors
 * @param chat chats
 * @param ranking ranks documents
 */
@ConfigurationProperties("heed")
public record HeedProperties(
    @Nullable Folder embedding, @Nullable Folder chat, @Nullable Folder ranking) {
  /**
   * A model.
   *
   * @param model its folder, or its file
   */
  public record Folder(Path model) {}

  /**
   * A folder that a bean needs.
   *
   * @param name of the property, for the message
   * @throws IllegalStateException if it is not given
   */
  static Path require(String name, @Nullable Folder folder) {
    if (folder == null) {
      throw new IllegalStateException("heed." + name + ".model: expected a folder, got none");
    }
    return folder.model();
  }
}
