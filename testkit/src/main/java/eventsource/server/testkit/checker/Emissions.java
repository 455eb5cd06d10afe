package eventsource.server.testkit.checker;

import eventsource.server.testkit.checker.EmitterRecorder.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that was emitted, numbered: one emitter after the other, and each in the order of its calls. */
final class Emissions {

    private static final int MOST_SHOWN = 40;

    private final List<EmitterRecorder> emitters;
    private final String[] texts;

    /** By emitter: the number of its first emission; and one more, for the end. */
    private final int[] firsts;

    // By the number of an emission.
    private final int[] emitterOf;
    private final int[] payloads;
    private final int[] ids;
    private final int[] topics;
    private final Outcome[] outcomes;

    /** By the text of a payload: the number of its emission. */
    private final int[] byPayload;

    /** Each list of topics that emissions have, once. */
    private final List<List<String>> allTopics = new ArrayList<>();

    /** Those that a client has received. */
    private final BitSet received = new BitSet();

    Emissions(List<EmitterRecorder> emitters, Texts texts) {
        this.emitters = List.copyOf(emitters);
        firsts = new int[emitters.size() + 1];
        for (int i = 0; i < emitters.size(); i++) {
            firsts[i + 1] = firsts[i] + emitters.get(i).recorded();
        }
        emitterOf = new int[count()];
        payloads = new int[count()];
        ids = new int[count()];
        topics = new int[count()];
        outcomes = new Outcome[count()];
        Map<List<String>, Integer> known = new HashMap<>();
        for (int i = 0; i < emitters.size(); i++) {
            for (int index = 0; index < emissionsOf(i); index++) {
                take(i, index, texts, known);
            }
        }
        this.texts = texts.all();
        byPayload = new int[this.texts.length];
        index();
    }

    private void take(int emitter, int index, Texts allTexts, Map<List<String>, Integer> known) {
        EmitterRecorder recorder = emitters.get(emitter);
        int emission = firsts[emitter] + index;
        emitterOf[emission] = emitter;
        payloads[emission] = recorder.payload(index);
        outcomes[emission] = recorder.outcome(index);
        ids[emission] = outcomes[emission] == Outcome.STORED ? allTexts.number(recorder.id(index)) : Texts.NONE;
        topics[emission] = known.computeIfAbsent(recorder.topics(index), added -> {
            allTopics.add(added);
            return allTopics.size() - 1;
        });
    }

    private void index() {
        Arrays.fill(byPayload, Run.NONE);
        for (int emission = 0; emission < count(); emission++) {
            int other = byPayload[payloads[emission]];
            if (other != Run.NONE) {
                throw new IllegalStateException("'" + payload(emission) + "' was emitted by " + emitter(other)
                        + " and again by " + emitter(emission) + ": give each emission data of its own");
            }
            byPayload[payloads[emission]] = emission;
        }
    }

    int count() {
        return firsts[firsts.length - 1];
    }

    int emitters() {
        return emitters.size();
    }

    /** The number of an emitter's first emission; of the one after the last emitter, the end. */
    int firstOf(int emitter) {
        return firsts[emitter];
    }

    int emissionsOf(int emitter) {
        return firsts[emitter + 1] - firsts[emitter];
    }

    int emitterOf(int emission) {
        return emitterOf[emission];
    }

    /** Where an emission stands among its emitter's. */
    int indexOf(int emission) {
        return emission - firsts[emitterOf[emission]];
    }

    /** The index of the first emission that surely began after the emitter was so far. */
    int surelyBegunAfter(Progress begun, int emitter) {
        return emitters.get(emitter).surelyBegunAfter(begun.of(emitter));
    }

    /** The emission with a payload, or {@link Run#NONE}. */
    int ofPayload(int text) {
        return byPayload[text];
    }

    boolean wasRefused(int emission) {
        return outcomes[emission] == Outcome.REFUSED;
    }

    void receive(int emission) {
        received.set(emission);
    }

    /** Whether anybody has received an emission. */
    boolean wasReceived(int emission) {
        return received.get(emission);
    }

    /** Whether an emission is in the log: its emitter was told, or a client has it. */
    boolean isStored(int emission) {
        return outcomes[emission] == Outcome.STORED || (received.get(emission) && !wasRefused(emission));
    }

    /** The text of the id that the emitter was told, or {@link Texts#NONE}. */
    int id(int emission) {
        return ids[emission];
    }

    List<String> topics(int emission) {
        return allTopics.get(topics[emission]);
    }

    /** The number of the list of topics that an emission went to. */
    int topicsOf(int emission) {
        return topics[emission];
    }

    /** All lists of topics, by their numbers. */
    List<List<String>> allTopics() {
        return allTopics;
    }

    /** How many different texts there are in the history. */
    int texts() {
        return texts.length;
    }

    // --- for reports ---

    String emitter(int emission) {
        return emitters.get(emitterOf[emission]).name();
    }

    String payload(int emission) {
        return text(payloads[emission]);
    }

    /** An emission as a report names it. */
    String named(int emission) {
        return "'" + payload(emission) + "'" + (ids[emission] == Texts.NONE ? "" : " (id " + text(ids[emission]) + ")");
    }

    /** A text, shortened. */
    String text(int number) {
        String text = texts[number].replace("\n", "\\n");
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
