package eventsource.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** How connections are encrypted. Immutable. */
final class Tls {

    /** HTTP/2 joins the list when it is served. */
    private static final ApplicationProtocolConfig PROTOCOLS = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_1_1);

    private final SslContext context;

    private Tls(SslContext context) {
        this.context = context;
    }

    static Tls of(Path certificateChain, Path privateKey) {
        try {
            return new Tls(SslContextBuilder.forServer(certificateChain.toFile(), privateKey.toFile())
                    .sslProvider(SslProvider.JDK)
                    .applicationProtocolConfig(PROTOCOLS)
                    .build());
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    "the certificate chain and the private key cannot be used; give two PEM files, the key without"
                            + " a password: " + unusable.getMessage(),
                    unusable);
        }
    }

    static Tls of(SSLContext context) {
        return new Tls(new JdkSslContext(
                context,
                /* isClient= */ false,
                /* ciphers= */ null,
                IdentityCipherSuiteFilter.INSTANCE,
                PROTOCOLS,
                ClientAuth.NONE,
                /* protocols= */ null,
                /* startTls= */ false));
    }

    /** Comes first on a connection. What is not encrypted makes it fail, and closes it. */
    ChannelHandler handler(Channel channel) {
        SslHandler handler = context.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(0); // the deadline for the first request covers it
        return handler;
    }
}
