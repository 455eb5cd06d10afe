package eventsource.server.amqp;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a builder was told. The factory is the source's own copy. */
record Settings(
        ConnectionFactory factory,
        List<Address> addresses,
        Origin origin,
        AmqpSourceBuilder.Declaration declaration,
        int prefetch,
        Duration shortest,
        Duration longest,
        Function<? super Delivery, @Nullable String> id,
        int remembered,
        AmqpSourceListener listener) {}
