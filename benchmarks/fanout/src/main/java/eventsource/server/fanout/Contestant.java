package eventsource.server.fanout;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A broadcast application that is measured: {@code GET /events} is a stream; each line of what is sent by {@code POST /emit} is
 * the data of an event for all of them. It is given a port, and another one that it may use for the latter; it runs until it is
 * killed.
 *
 * @param name as it is called in options and raw results
 * @param title as it is called in tables
 * @param program its main class
 * @param versions what is stated besides the title
 * @param ports how many it needs, 1 or 2
 * @param classPath of its process
 * @param flags of its process, besides those that all have
 */
record Contestant(
        String name, String title, String program, String versions, int ports, String classPath, List<String> flags) {

    private static final String PACKAGE = "eventsource.server.fanout.";

    private static final String ON_HOST = "OnHost";
    private static final String EXAMPLES = "../../examples";
    private static final String HOSTS = EXAMPLES + "/hosts/";

    private static final List<String> TLS = List.of("-Dtls=true");

    private static final int FIRST_VERSION = 44; // of class files, before Java 1

    /** What is known; it is there only where it has been built. */
    private record Known(
            String name, String title, String program, String artifact, String directory, List<String> flags) {

        Known(String name, String title, String program, String artifact, String directory) {
            this(name, title, program, artifact, directory, List.of());
        }

        /** Ours on what serves the examples, too; the artifact is the one that has the version of the web server. */
        static Known host(String host, String title, String artifact, String directory) {
            return new Known("ours-" + host, "ours, " + title, ON_HOST, artifact, directory, List.of("-Dhost=" + host));
        }

        Path target(Path home) {
            return home.resolve(directory).resolve("target").normalize();
        }

        /** Where its program is: not with what it needs, if it is the one for all hosts. */
        Path classes(Path home) {
            return (program.equals(ON_HOST) ? home.resolve("target") : target(home)).resolve("classes");
        }
    }

    private static final List<Known> KNOWN = List.of(
            new Known("floor", "floor: NIO, one write per stream", "Floor", "", "."),
            new Known("jdk", "ours, JDK web server", "OnJdkServer", "", "."),
            new Known("netty", "ours, Netty", "OnNetty", "netty-transport", "contestants/netty"),
            new Known(
                    "netty-nio",
                    "ours, Netty with NIO",
                    "OnNetty",
                    "netty-transport",
                    "contestants/netty",
                    List.of("-Dtransport=NIO")),
            new Known(
                    "netty-io_uring",
                    "ours, Netty with io_uring",
                    "OnNetty",
                    "netty-transport",
                    "contestants/netty",
                    List.of("-Dtransport=IO_URING")),
            new Known("netty-tls", "ours, Netty over TLS", "OnNetty", "netty-transport", "contestants/netty", TLS),
            new Known("accepting", "Netty, accepting only", "Accepting", "netty-transport", "contestants/netty"),
            new Known("undertow", "Undertow", "OnUndertow", "undertow-core", "contestants/undertow"),
            new Known("helidon", "Helidon", "OnHelidon", "helidon-webserver", "contestants/helidon"),
            new Known("vertx", "Vert.x", "OnVertx", "vertx-core", "contestants/vertx"),
            new Known("webflux", "Spring WebFlux", "OnWebFlux", "spring-webflux", "contestants/webflux"),
            new Known("soklet", "Soklet", "OnSoklet", "soklet", "contestants/soklet"),
            new Known("jetty", "Jetty", "OnJetty", "jetty-server", "contestants/jetty"),
            new Known("spring-mvc", "Spring MVC", "OnSpringMvc", "spring-webmvc", "contestants/spring-mvc"),
            Known.host("tomcat", "Tomcat", "tomcat-embed-core", HOSTS + "tomcat"),
            Known.host("jetty", "Jetty", "jetty-server", HOSTS + "jetty"),
            Known.host("undertow", "Undertow", "undertow-core", HOSTS + "undertow"),
            Known.host("spring-mvc", "Spring MVC", "spring-webmvc", HOSTS + "spring-mvc"),
            Known.host("spring-webflux", "Spring WebFlux", "spring-webflux", HOSTS + "spring-webflux"),
            Known.host("vertx", "Vert.x", "vertx-core", HOSTS + "vertx"),
            Known.host("netty", "embedded server", "netty-transport", EXAMPLES),
            Known.host("jdk", "JDK web server", "", EXAMPLES));

    /**
     * Those that have been built and can run here; says of the others that they are left out.
     *
     * @param home where this module is
     */
    static List<Contestant> built(Path home) throws IOException {
        List<Contestant> all = new ArrayList<>();
        for (Known known : KNOWN) {
            Path target = known.target(home);
            Path classes = known.classes(home);
            Path program = classes.resolve((PACKAGE + known.program).replace('.', '/') + ".class");
            Path others = target.resolve("class-path.txt");
            if (!Files.exists(others) || !isForThisJdk(program)) {
                System.err.println(known.name + " is left out: not built, or for a newer JDK than this one");
            } else {
                String classPath = Stream.of(classes, target.resolve("classes"))
                                .distinct()
                                .map(Path::toString)
                                .collect(Collectors.joining(File.pathSeparator))
                        + File.pathSeparator
                        + Files.readString(others).strip();
                all.add(new Contestant(
                        known.name,
                        known.title,
                        PACKAGE + known.program,
                        version(classPath, known.artifact),
                        known.name.equals("soklet") || known.flags.equals(TLS) ? 2 : 1,
                        classPath,
                        known.flags));
            }
        }
        return all;
    }

    /** Whether a class is there, of a version that this JDK knows; the contestants run on the same one. */
    private static boolean isForThisJdk(Path program) throws IOException {
        if (!Files.exists(program)) {
            return false;
        }
        try (DataInputStream bytes = new DataInputStream(Files.newInputStream(program))) {
            bytes.skipNBytes(6);
            return bytes.readUnsignedShort()
                    <= FIRST_VERSION + Runtime.version().feature();
        }
    }

    /** Whether its streams are over TLS. Events are posted without, to the other port. */
    boolean tls() {
        return flags.equals(TLS);
    }

    /** All that are known, in the order of tables. */
    static List<String> names() {
        return KNOWN.stream().map(Known::name).toList();
    }

    /** As a contestant is called in tables. */
    static String title(String name) {
        return KNOWN.stream()
                .filter(known -> known.name.equals(name))
                .map(Known::title)
                .findFirst()
                .orElse(name);
    }

    /** Of a jar on a class path; nothing if there is no artifact. */
    static String version(String classPath, String artifact) {
        Matcher jar = Pattern.compile("[/\\\\]" + Pattern.quote(artifact) + "-([0-9][^/\\\\]*)\\.jar")
                .matcher(classPath);
        return !artifact.isEmpty() && jar.find() ? jar.group(1) : "";
    }
}
