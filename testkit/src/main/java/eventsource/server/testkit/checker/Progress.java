package eventsource.server.testkit.checker;

/** How many emissions each emitter had at some moment. */
final class Progress {

    private final int[] emissions;

    Progress(int[] emissions) {
        this.emissions = emissions;
    }

    /** Of an emitter by its number; one that was added later had none. */
    int of(int emitter) {
        return emitter < emissions.length ? emissions[emitter] : 0;
    }
}
