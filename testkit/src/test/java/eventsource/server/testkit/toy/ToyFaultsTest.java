package eventsource.server.testkit.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Each case of the transport contract fails for a transport that breaks it: each is run against one that does. */
class ToyFaultsTest {

    @TestFactory
    @DisplayName("A transport that")
    Stream<DynamicTest> everyFaultIsCaught() {
        return Arrays.stream(Fault.values())
                .map(fault -> DynamicTest.dynamicTest(fault.sentence + " fails", () -> assertCaught(fault)));
    }

    private static void assertCaught(Fault fault) {
        Map<String, String> failures = failures(fault);
        assertEquals(new TreeSet<>(fault.cases()), failures.keySet(), "the cases that fail");
        failures.forEach((name, failure) -> {
            assertTrue(failure.startsWith("broken: "), () -> name + " does not say what is broken: " + failure);
            assertTrue(
                    failure.contains(fault.broken) || !name.equals(fault.cases().get(0)),
                    () -> name + " does not say that " + fault.broken + " is broken: " + failure);
        });
    }

    /** Runs the cases that a fault should break, and gives what those say that fail. */
    private static Map<String, String> failures(Fault fault) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(fault.cases().stream()
                        .map(name -> selectMethod(ToyTest.class, name))
                        .toList())
                .configurationParameter(ToyTest.FAULT, fault.name())
                .build();
        Map<String, String> failures = new ConcurrentHashMap<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable()
                        .ifPresent(failure -> failures.put(
                                test.getLegacyReportingName().replace("()", ""), String.valueOf(failure.getMessage())));
            }
        });
        return new TreeMap<>(failures);
    }

    @Test
    @DisplayName("No case of the contract is without a fault that breaks it")
    void everyCaseIsBroken() {
        TreeSet<String> cases = new TreeSet<>();
        for (Class<?> contract = TransportContract.class; contract != null; contract = contract.getSuperclass()) {
            Stream.of(contract.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .map(Method::getName)
                    .forEach(cases::add);
        }
        List<String> broken = new ArrayList<>();
        Stream.of(Fault.values()).map(fault -> fault.cases()).forEach(broken::addAll);
        assertEquals(cases, new TreeSet<>(broken));
    }

    @Test
    @DisplayName("The page of the testkit has the table of faults")
    void pageHasTheTable() throws IOException {
        String rows = Stream.of(Fault.values())
                .map(fault -> "| " + fault.sentence + " | " + fault.broken + " | `" + String.join("`, `", fault.cases())
                        + "` |\n")
                .collect(Collectors.joining());
        String page = Files.readString(Path.of("../docs/design/testkit.md"));
        assertTrue(page.contains(rows), () -> "docs/design/testkit.md should have these rows:\n" + rows);
    }
}
