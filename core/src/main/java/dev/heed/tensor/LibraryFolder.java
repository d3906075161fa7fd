package dev.heed.tensor;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * Where native libraries are unpacked for this account: under its home, or, where it has none that
 * it may write to, in a folder of its own among the temporary ones.
 *
 * <p>The temporary folder is everybody's. A folder there under a name that anyone could have taken
 * would either refuse the second account or load what the first one put there. So ours is readable
 * and writable for this account alone, and one that is not is refused.
 */
public final class LibraryFolder {
  private static final String ATTRIBUTES = "unix:uid,permissions,isDirectory";

  private LibraryFolder() {}

  /**
   * The folder; under the temporary one it exists afterwards.
   *
   * @param name relative to the home, for example {@code .javacpp/cache}
   * @throws TensorException if only a folder of somebody else is left
   */
  public static Path of(String name) {
    return of(
        Path.of(System.getProperty("user.home", "")),
        Path.of(System.getProperty("java.io.tmpdir", ".")),
        name);
  }

  static Path of(Path home, Path temporary, String name) {
    Path inHome = home.resolve(name);
    if (home.isAbsolute() && mayWrite(inHome, home)) {
      return inHome;
    }
    try {
      return privateFolder(temporary).resolve(name);
    } catch (IOException e) {
      throw new TensorException(
          "native libraries: expected a home or a temporary folder to unpack them to, got "
              + home
              + " and "
              + temporary
              + ", which may not be written ("
              + e.getMessage()
              + "); "
              + remedy(),
          e);
    }
  }

  private static boolean mayWrite(Path folder, Path home) {
    for (Path existing = folder; existing != null; existing = existing.getParent()) {
      if (Files.exists(existing) || existing.equals(home)) {
        return Files.isDirectory(existing) && Files.isWritable(existing);
      }
    }
    return false;
  }

  private static Path privateFolder(Path temporary) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      // Windows: each account has a temporary folder of its own.
      return Files.createDirectories(temporary.resolve("heed"));
    }
    int account = account(temporary);
    Path folder = temporary.resolve("heed-" + account);
    try {
      return Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      Map<String, Object> found =
          Files.readAttributes(folder, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      if (!isPrivate(found, account)) {
        throw new TensorException(
            "native libraries: expected "
                + folder
                + " to be a folder that this account alone may write to, got another; "
                + remedy(),
            e);
      }
      return folder;
    }
  }

  private static boolean isPrivate(Map<String, Object> found, int account) {
    return Boolean.TRUE.equals(found.get("isDirectory"))
        && Integer.valueOf(account).equals(found.get("uid"))
        && found.get("permissions") instanceof Set<?> permissions
        && !permissions.contains(PosixFilePermission.GROUP_WRITE)
        && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  /** This account's number: that of a file it makes. */
  private static int account(Path temporary) throws IOException {
    Path probe = Files.createTempFile(temporary, "heed", null);
    try {
      return (Integer) Files.getAttribute(probe, "unix:uid");
    } finally {
      Files.delete(probe);
    }
  }

  private static String remedy() {
    return "name a folder by -D" + NativeSettings.CACHE_DIRECTORY + "=DIR";
  }
}
