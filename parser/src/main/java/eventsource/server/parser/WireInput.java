package eventsource.server.parser;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** The receiving side of a connection, with a buffer that is read in place. */
final class WireInput {
    private static final int LARGEST_BUFFER = 32 * 1024;
    private static final int SMALLEST_BUFFER = 512;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer;
    private int position;
    private int limit;
    private boolean reset;

    WireInput(Socket socket, int receiveBuffer) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        // A slow reader would not be one if a large buffer here took up what its small receive buffer keeps away.
        int size = receiveBuffer == 0 ? LARGEST_BUFFER : Math.max(SMALLEST_BUFFER, receiveBuffer);
        this.buffer = new byte[Math.min(LARGEST_BUFFER, size)];
    }

    /**
     * Waits for bytes once the buffer is used up.
     *
     * @param atMost how many bytes to take off the socket at most
     * @return false when the peer has closed or reset the connection
     * @throws SocketTimeoutException if nothing came in time
     */
    boolean fill(int atMost, Deadline deadline) throws IOException {
        if (socket.isClosed()) {
            throw new IllegalStateException("this client is closed");
        }
        int millis = deadline.millisLeft();
        if (millis == 0) {
            throw new SocketTimeoutException();
        }
        position = 0;
        limit = 0;
        try {
            socket.setSoTimeout(millis);
            int count = in.read(buffer, 0, Math.min(atMost, buffer.length));
            limit = Math.max(0, count);
            return count > 0;
        } catch (SocketException e) {
            reset = true;
            return false;
        }
    }

    boolean reset() {
        return reset;
    }

    int buffered() {
        return limit - position;
    }

    byte[] array() {
        return buffer;
    }

    int position() {
        return position;
    }

    int take() {
        return buffer[position++] & 0xFF;
    }

    void skip(int count) {
        position += count;
    }
}
