package dev.heed.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Says in words what is wrong with a file: the exceptions' own messages hold only its path. */
public final class FileTrouble {
  private FileTrouble() {}

  /** A message that names the file, if the exception does. */
  static String explain(IOException error) {
    return switch (error) {
      case FileSystemException e -> explain(String.valueOf(e.getFile()), e);
      case FileNotFoundException e -> e.getMessage() + "; check the path";
      default -> error.getMessage() == null ? error.toString() : error.getMessage();
    };
  }

  /**
   * The exception for the user.
   *
   * @param option that named the file, for example {@code --file}, or null for an argument
   * @param file as the user named it
   */
  public static BadInputException of(@Nullable String option, Object file, IOException error) {
    return new BadInputException(
        (option == null ? "" : option + ": ") + explain(file.toString(), error));
  }

  private static String explain(String file, IOException error) {
    return switch (error) {
      case NoSuchFileException _ -> "no such file: " + file + "; check the path";
      case AccessDeniedException _ -> "not permitted: " + file + "; check its permissions";
      case FileSystemException e when e.getReason() != null -> file + ": " + e.getReason();
      default -> file + ": " + (error.getMessage() == null ? error : error.getMessage());
    };
  }
}
