package eventsource.server.testkit.toy;

import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import eventsource.server.testkit.RunningTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A transport of plain sockets with a thread for each connection, that can be broken in one way or another. */
final class ToyTransport implements RunningTransport {

    private final HttpManners manners;
    private final @Nullable Fault fault;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    ToyTransport(HttpManners manners, @Nullable Fault fault) throws IOException {
        this.manners = manners;
        this.fault = fault;
        door = new ServerSocket(0, /* backlog */ 1_000, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "toy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException closed) {
            // It is what was wanted.
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = door.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                if (fault == Fault.READS_IN_TURN) {
                    ToyRequest first = read(socket);
                    start(() -> serve(socket, first));
                } else {
                    start(() -> serve(socket, null));
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private @Nullable ToyRequest read(Socket socket) throws IOException {
        int longestLine = fault == Fault.HAS_SHORT_LINES ? 4 << 10 : 64 << 10;
        return ToyRequest.read(socket.getInputStream(), socket.getOutputStream(), longestLine);
    }

    private void serve(Socket socket, @Nullable ToyRequest first) {
        try {
            ToyRequest request = first == null ? read(socket) : first;
            while (request != null && answer(socket, request)) {
                request = read(socket);
            }
        } catch (IOException | InterruptedException gone) {
            // So has the connection.
        } finally {
            if (fault != Fault.KEEPS_SOCKETS && fault != Fault.NOTICES_NOBODY) {
                open.remove(socket);
                closeQuietly(socket);
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // It is what was wanted.
        }
    }

    /** Whether the connection can be used again. */
    private boolean answer(Socket socket, ToyRequest request) throws IOException, InterruptedException {
        HttpAnswer answer =
                manners.answer(passedOn(request)).toCompletableFuture().join();
        if (fault == Fault.DEMANDS_THE_TYPE
                && !request.headers().getOrDefault("accept", List.of()).equals(List.of("text/event-stream"))) {
            answer = new HttpAnswer.Whole(406, Map.of(), "");
        } else if (fault == Fault.ANSWERS_OPTIONS && request.method().equals("OPTIONS")) {
            answer = new HttpAnswer.Whole(200, Map.of("Allow", "GET"), "");
        }
        if (answer instanceof HttpAnswer.Streaming streaming) {
            boolean chunked = !request.http10() || fault == Fault.CHUNKS_HTTP_1_0;
            boolean resumed = request.headers().containsKey("last-event-id");
            byte[] head = head(request, 200, streaming.headers(), chunked ? "Transfer-Encoding: chunked\r\n" : "");
            new ToyStream(socket, fault, chunked, resumed).write(streaming, head);
            return chunked && !request.http10();
        }
        HttpAnswer.Whole whole = (HttpAnswer.Whole) answer;
        byte[] body = whole.body().getBytes(StandardCharsets.UTF_8);
        boolean bodiless = whole.status() == 204 || request.method().equals("HEAD");
        boolean isEvents = "text/event-stream".equals(whole.headers().get("Content-Type"));
        int status = fault == Fault.HIDES_204 && whole.status() == 204
                ? 200
                : fault == Fault.REFUSES_BY_STATUS && isEvents && !bodiless ? 500 : whole.status();
        String length = bodiless && status == whole.status() ? "" : "Content-Length: " + body.length + "\r\n";
        socket.getOutputStream().write(head(request, status, whole.headers(), length));
        if (!bodiless) {
            socket.getOutputStream().write(body);
        }
        return !request.http10();
    }

    /** The request as the manners are given it. */
    private HttpRequest passedOn(ToyRequest request) {
        Map<String, List<String>> headers = new HashMap<>(request.headers());
        String method = request.method();
        String target = request.target();
        switch (fault == null ? Fault.KEEPS_SOCKETS : fault) {
            case HIDES_ACCEPT, DEMANDS_THE_TYPE -> headers.remove("accept");
            case TAKES_HEAD_FOR_GET -> method = method.equals("HEAD") ? "GET" : method;
            case TAKES_ALL_FOR_GET -> method = method.equals("HEAD") ? method : "GET";
            case HIDES_ORIGIN -> headers.remove("origin");
            case HIDES_HOST -> headers.put("host", List.of("localhost"));
            case HIDES_LAST_EVENT_ID -> headers.remove("last-event-id");
            case PASSES_EMPTY_IDS_ON -> headers.replace("last-event-id", List.of(""), List.of("unknown"));
            case HIDES_THE_QUERY -> target = target.replaceAll("\\?.*", "");
            case READS_HEADERS_AS_ASCII ->
                headers.replaceAll((name, values) -> values.stream()
                        .map(value -> value.replaceAll("[^ -~]", "?"))
                        .toList());
            case KEEPS_ONE_TOPIC -> target = target.replaceAll("&.*", "");
            default -> {
                // Passed on as it is.
            }
        }
        return HttpRequest.of(method, target, headers, true);
    }

    private byte[] head(ToyRequest request, int status, Map<String, String> headers, String framing) {
        Map<String, String> sent = new HashMap<>(headers);
        switch (fault == null ? Fault.KEEPS_SOCKETS : fault) {
            case DROPS_HEADERS -> sent.keySet().retainAll(Set.of("Content-Type"));
            case HIDES_RETRY_AFTER -> sent.remove("Retry-After");
            case HIDES_THE_OUTCOME -> sent.remove("EventSource-Resume");
            case COMPRESSES -> {
                if (request.headers().containsKey("accept-encoding")) {
                    sent.put("Content-Encoding", "gzip");
                }
            }
            default -> {
                // Sent as they are.
            }
        }
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Toy\r\n" + framing);
        sent.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
