package dev.echod.admin;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.echod.listener.Listener;
import org.jspecify.annotations.Nullable;

/**
 * The last probe of each listener: of those that the probe endpoint sends, one to an
 * address of this machine and a port that a listener accepts connections on.
 */
public class LastProbes {

	private final Collection<Listener> listeners;

	private final Map<String, LastProbe> byListener = new ConcurrentHashMap<>();

	LastProbes(Collection<Listener> listeners) {
		this.listeners = listeners;
	}

	/**
	 * The last one of a listener; null when there was none.
	 */
	public @Nullable LastProbe of(String listener) {
		return this.byListener.get(listener);
	}

	/**
	 * Keeps what a probe found, if it went to a listener. May look up a name, as the
	 * probe did.
	 */
	void add(String host, int port, LastProbe found) {
		for (Listener listener : this.listeners) {
			if (listener.address().getPort() == port && isThere(host, listener.address().getAddress())) {
				this.byListener.put(listener.name(), found);
			}
		}
	}

	private static boolean isThere(String host, InetAddress bound) {
		try {
			InetAddress address = InetAddress.getByName(host);
			return bound.isAnyLocalAddress() ? isOfThisMachine(address) : bound.equals(address);
		}
		catch (UnknownHostException | SocketException ex) {
			return false;
		}
	}

	private static boolean isOfThisMachine(InetAddress address) throws SocketException {
		return address.isLoopbackAddress() || address.isAnyLocalAddress()
				|| NetworkInterface.getByInetAddress(address) != null;
	}

}
