package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How tags such as {@code B-PER} mark entities, and the entities they mark.
 *
 * <p>The strict schemes drop what breaks their rules. They are those of seqeval, whose rules are
 * written as the prefix before, the prefix of the token, and whether their types must be the same
 * ({@code =}), differ ({@code !}) or either ({@code *}); {@code ?} is any prefix.
 */
public enum TagScheme {
  /** As the conlleval program reads tags: nothing is dropped, an entity may begin with I. */
  LENIENT("", "", "", ""),
  /** I, and B only between neighbours of one type. */
  IOB1("IOB", "OI* II! BI* IB= BB=", "BI= II=", "II! IO* IB* BO* BI! BB="),
  /** Every entity begins with B. */
  IOB2("IOB", "?B*", "BI= II=", "IO* II! IB* BO* BI! BB*"),
  /** I, and E only between neighbours of one type. */
  IOE1("IOE", "OI* II! EI* EE=", "II= IE=", "II! IO* IE! EI= EE="),
  /** Every entity ends with E. */
  IOE2("IOE", "OI* OE* EI* EE* II! IE!", "IE= II=", "E?*"),
  /** B, I, E, and S for a single token. */
  IOBES("IOBES", "?B* ?S*", "BI= BE= II= IE=", "S?* E?*"),
  /** B, I, L, and U for a single token. */
  BILOU("BILOU", "?B* ?U*", "BI= BL= II= IL=", "U?* L?*");

  private final String prefixes;
  private final List<String> starts;
  private final List<String> continues;
  private final List<String> ends;

  TagScheme(String prefixes, String starts, String continues, String ends) {
    this.prefixes = prefixes;
    this.starts = List.of(starts.split(" "));
    this.continues = List.of(continues.split(" "));
    this.ends = List.of(ends.split(" "));
  }

  /** A tag, read. */
  private record Tag(char prefix, String type) {
    static final Tag OUTSIDE = new Tag('O', "_");

    /** As the strict schemes read it: the dashes around the type do not count. */
    static Tag strict(String text) {
      String type = text.substring(1).replaceAll("^-+|-+$", "");
      return new Tag(text.charAt(0), type.isEmpty() ? "_" : type);
    }

    /** As conlleval reads it: the type is what stands after the first dash. */
    static Tag lenient(String text) {
      String rest = text.substring(1);
      String type = rest.substring(rest.indexOf('-') + 1);
      return new Tag(text.charAt(0), type.isEmpty() ? "_" : type);
    }

    boolean fits(List<String> rules, Tag before) {
      return rules.stream().anyMatch(rule -> fits(rule, before));
    }

    private boolean fits(String rule, Tag before) {
      boolean same = type.equals(before.type);
      return (rule.charAt(0) == '?' || rule.charAt(0) == before.prefix)
          && (rule.charAt(1) == '?' || rule.charAt(1) == prefix)
          && (rule.charAt(2) == '*' || (rule.charAt(2) == '=') == same);
    }
  }

  /**
   * The entities of one sentence, in order.
   *
   * @throws IllegalArgumentException if a tag is empty or its prefix is none of the scheme's
   */
  public List<EntitySpan> entities(List<String> tags) {
    for (String tag : tags) {
      if (tag.isEmpty() || (this != LENIENT && prefixes.indexOf(tag.charAt(0)) < 0)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "tags: expected %s, got '%s'",
                this == LENIENT ? "a prefix" : "one of the prefixes " + prefixes,
                tag));
      }
    }
    return this == LENIENT ? lenient(tags) : strict(tags);
  }

  /**
   * The scheme of this name, whatever its case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TagScheme named(String name) {
    for (TagScheme scheme : values()) {
      if (scheme.name().equals(name.toUpperCase(Locale.ROOT))) {
        return scheme;
      }
    }
    throw new IllegalArgumentException(
        "tag scheme: expected one of " + List.of(values()) + ", got " + name);
  }

  private List<EntitySpan> strict(List<String> tags) {
    List<Tag> read = new ArrayList<>(tags.stream().map(Tag::strict).toList());
    read.add(Tag.OUTSIDE);
    List<EntitySpan> entities = new ArrayList<>();
    int i = 0;
    while (i < tags.size()) {
      Tag before = i == 0 ? Tag.OUTSIDE : read.get(i - 1);
      int end = i + 1;
      if (read.get(i).fits(starts, before)) {
        while (end < read.size() && read.get(end).fits(continues, read.get(end - 1))) {
          end++;
        }
        if (read.get(end).fits(ends, read.get(end - 1))) {
          entities.add(new EntitySpan(read.get(i).type, i, end - 1));
        }
      }
      i = end;
    }
    return entities;
  }

  private static List<EntitySpan> lenient(List<String> tags) {
    List<EntitySpan> entities = new ArrayList<>();
    Tag before = Tag.OUTSIDE;
    int start = 0;
    for (int i = 0; i <= tags.size(); i++) {
      Tag tag = i < tags.size() ? Tag.lenient(tags.get(i)) : Tag.OUTSIDE;
      if (ends(before, tag)) {
        entities.add(new EntitySpan(before.type, start, i - 1));
      }
      if (begins(before, tag)) {
        start = i;
      }
      before = tag;
    }
    return entities;
  }

  private static boolean ends(Tag before, Tag tag) {
    return switch (before.prefix) {
      case 'E', 'S' -> true;
      case 'B', 'I' -> "BSO".indexOf(tag.prefix) >= 0 || !before.type.equals(tag.type);
      case 'O', '.' -> false;
      default -> !before.type.equals(tag.type);
    };
  }

  private static boolean begins(Tag before, Tag tag) {
    return switch (tag.prefix) {
      case 'B', 'S' -> true;
      case 'E', 'I' -> "ESO".indexOf(before.prefix) >= 0 || !before.type.equals(tag.type);
      case 'O', '.' -> false;
      default -> !before.type.equals(tag.type);
    };
  }
}
