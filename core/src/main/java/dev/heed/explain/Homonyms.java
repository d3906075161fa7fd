package dev.heed.explain;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * English nouns of more than one meaning, each with nouns that tell which one is meant: "bank" is
 * another thing beside "river" than beside "money".
 */
final class Homonyms {
  private static final Map<String, Set<String>> TELLING =
      """
      bank river stream lake shore water canal money cash loan account savings cheque mortgage
      bark dog tree trunk oak
      bass guitar singer music fish lake
      bat cricket baseball ball player cave wings bird animal
      bolt lightning thunder nut screw door
      bow arrow violin ship ribbon
      bulb light lamp tulip flower garden
      cell prison prisoner phone blood biology
      chip computer silicon potato fish
      club golf night music member members
      court tennis judge law king queen
      crane construction building bird lake
      date calendar dinner fruit palm
      fan football team air wind
      file computer folder nail metal
      jam bread toast strawberry traffic road
      key door lock piano keyboard
      match football tennis fire cigarette
      mouse cat cheese computer keyboard screen
      mole skin doctor garden spy
      nail hammer wood finger
      note music piano letter money
      organ church music heart liver
      palm hand tree beach
      pitch football music singer
      plant factory workers garden flower leaves
      pupil school teacher eye light
      ring finger wedding boxing phone
      rock music band mountain stone
      scale fish weight music
      seal sea ice letter document
      spring summer winter water river metal
      square circle town city
      star sky night film movie
      trunk elephant tree car
      wave sea ocean hand sound
      """
          .lines()
          .map(line -> List.of(line.split(" ")))
          .collect(
              Collectors.toMap(
                  List::getFirst, words -> Set.copyOf(words.subList(1, words.size()))));

  private Homonyms() {}

  /** The words that tell which meaning of this one is meant; empty for a word of one meaning. */
  static Set<String> telling(String word) {
    return TELLING.getOrDefault(word.toLowerCase(Locale.ROOT), Set.of());
  }
}
