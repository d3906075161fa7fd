package dev.heed.cli;

/** A text that the user gave as an argument. */
public final class GivenText {
  private GivenText() {}

  /**
   * The text, if there is something to read in it.
   *
   * @param name of the argument, for the message
   * @throws BadInputException if it is empty or blank
   */
  public static String filled(String name, String text) {
    if (text.isBlank()) {
      throw new BadInputException(
          name + ": expected a text of at least one word, got an empty one");
    }
    return text;
  }
}
