/**
 * Speech to text: any checkpoint that hears letters (CTC) or writes what it heard (Whisper,
 * Speech2Text, Moonshine), with the time of every word.
 *
 * {@snippet :
 * try (SpeechRecognizer recognizer = SpeechRecognizer.open(Path.of("whisper-tiny"))) {
 *   Transcript heard = recognizer.recognize(SoundFile.read(Path.of("voice.flac")));
 *   heard.words().forEach(word -> System.out.println(word.start() + " " + word.text()));
 * }
 * }
 */
@NullMarked
package dev.heed.task.speech;

import org.jspecify.annotations.NullMarked;
