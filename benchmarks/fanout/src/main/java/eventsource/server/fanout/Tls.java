package eventsource.server.fanout;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** What a client reads over TLS. Who the server is, is not asked: it was started here. */
final class Tls implements ReadableByteChannel {

    private static final SSLContext CONTEXT = trusting();

    private final SocketChannel channel;
    private final SSLEngine engine = CONTEXT.createSSLEngine();
    private final ByteBuffer in = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());

    private Tls(SocketChannel channel) {
        this.channel = channel;
    }

    /** Shakes hands and sends a request, over a channel that still blocks. */
    static Tls request(SocketChannel channel, ByteBuffer request) throws IOException {
        Tls tls = new Tls(channel);
        tls.engine.setUseClientMode(true);
        tls.engine.beginHandshake();
        ByteBuffer nothing = ByteBuffer.allocate(tls.engine.getSession().getApplicationBufferSize());
        while (tls.engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            switch (tls.engine.getHandshakeStatus()) {
                case NEED_TASK -> tls.engine.getDelegatedTask().run();
                case NEED_WRAP -> tls.write(ByteBuffer.allocate(0));
                default -> {
                    if (tls.read(nothing.clear()) < 0) {
                        throw new EOFException("the server ended the connection while shaking hands");
                    }
                }
            }
        }
        while (request.hasRemaining()) {
            tls.write(request);
        }
        return tls;
    }

    private void write(ByteBuffer from) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(from, out);
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Gives the records that are there, or else reads once. A target with room for one record gets at least that. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        int before = target.position();
        SSLEngineResult.Status status = unwrap(target);
        boolean over = false;
        if (status == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            over = channel.read(in) < 0;
            status = unwrap(target);
        }
        over |= status == SSLEngineResult.Status.CLOSED;
        return over && target.position() == before ? -1 : target.position() - before;
    }

    private SSLEngineResult.Status unwrap(ByteBuffer target) throws IOException {
        in.flip();
        SSLEngineResult result;
        do {
            result = engine.unwrap(in, target);
        } while (result.getStatus() == SSLEngineResult.Status.OK
                && result.getHandshakeStatus() != HandshakeStatus.NEED_TASK
                && result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP
                && in.hasRemaining());
        in.compact();
        return result.getStatus();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static SSLContext trusting() {
        X509TrustManager anybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String kind) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String kind) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {anybody}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
