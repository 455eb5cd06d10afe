package eventsource.server.netty;

import io.netty.util.NetUtil;
import java.util.Arrays;

/** A network of addresses. Immutable. */
final class Cidr {

    private final byte[] network;
    private final int bits;

    private Cidr(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    static Cidr of(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw rejected(text);
        }
        try {
            int bits = slash < 0 ? 8 * address.length : Integer.parseUnsignedInt(text.substring(slash + 1));
            if (bits < 0 || bits > 8 * address.length) {
                throw rejected(text);
            }
            return new Cidr(address, bits);
        } catch (NumberFormatException notANumber) {
            throw rejected(text);
        }
    }

    private static IllegalArgumentException rejected(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no network; write an address, or one as in 10.0.0.0/8 or fd00::/8");
    }

    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        int mask = 0xFF00 >> bits % 8 & 0xFF;
        return Arrays.equals(address, 0, whole, network, 0, whole)
                && (mask == 0 || ((address[whole] ^ network[whole]) & mask) == 0);
    }
}
