package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** What is reachable, as the virtual machine counts it after collections. */
record Heap(String histogram) {

    /** The serial collector, which there is on one processor, clears small gaps only every so many times, and counts them. */
    private static final int COLLECTIONS = 4;

    static Heap now() {
        return Stream.generate(Heap::afterCollection)
                .limit(COLLECTIONS)
                .min(Comparator.comparingLong(Heap::bytes))
                .orElseThrow();
    }

    private static Heap afterCollection() {
        try {
            ObjectName diagnostics = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Object[] noArguments = {new String[0]};
            String[] signature = {String[].class.getName()};
            Object histogram = ManagementFactory.getPlatformMBeanServer()
                    .invoke(diagnostics, "gcClassHistogram", noArguments, signature);
            return new Heap((String) histogram);
        } catch (JMException noHotSpot) {
            throw new AssertionError("this test needs a HotSpot virtual machine", noHotSpot);
        }
    }

    /** How many objects of a class of the server's there are. */
    long instances(String simpleName) {
        return number("(?m)^ *\\d+: +(\\d+) +\\d+ +eventsource\\.server\\." + simpleName + "( |$)");
    }

    /** That there are no more objects of a class than there were: what a test before this one left may go meanwhile. */
    void assertNoMoreThan(Heap before, String simpleName) {
        long more = instances(simpleName) - before.instances(simpleName);
        assertTrue(more <= 0, () -> more + " more of " + simpleName);
    }

    /** What all objects take. */
    long bytes() {
        return number("(?m)^Total +\\d+ +(\\d+)");
    }

    private long number(String line) {
        Matcher found = Pattern.compile(line).matcher(histogram);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
