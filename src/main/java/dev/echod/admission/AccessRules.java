package dev.echod.admission;

import java.net.InetAddress;
import java.util.List;

import dev.echod.connection.AddressRange;
import dev.echod.connection.Addresses;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses are let in. Of the ranges that an address is in, the smallest decides;
 * an address in none is let in unless some are allowed. How long it takes to decide does
 * not depend on how many ranges there are.
 */
public final class AccessRules {

	private final Node ipv4 = new Node();

	private final Node ipv6 = new Node();

	private final boolean everyone;

	/**
	 * Of who is in no range.
	 */
	private final boolean admitsOthers;

	/**
	 * Create rules; with two empty lists everyone is let in.
	 * @throws IllegalArgumentException if a range is in both lists
	 */
	public AccessRules(List<AddressRange> allow, List<AddressRange> deny) {
		allow.forEach((range) -> node(range).admits = Boolean.TRUE);
		for (AddressRange range : deny) {
			Node node = node(range);
			if (Boolean.TRUE.equals(node.admits)) {
				throw new IllegalArgumentException(
						"%s is allowed as well: a range is in one list only.".formatted(range));
			}
			node.admits = Boolean.FALSE;
		}
		this.everyone = allow.isEmpty() && deny.isEmpty();
		this.admitsOthers = allow.isEmpty();
	}

	private Node node(AddressRange range) {
		byte[] network = range.network();
		Node node = root(network);
		for (int bit = 0; bit < range.prefixLength(); bit++) {
			node = node.make(isSet(network, bit));
		}
		return node;
	}

	private Node root(byte[] address) {
		return (address.length == 4) ? this.ipv4 : this.ipv6;
	}

	private static boolean isSet(byte[] address, int bit) {
		return (address[bit / 8] >> (7 - bit % 8) & 1) != 0;
	}

	boolean admit(InetAddress client) {
		if (this.everyone) {
			return true;
		}
		byte[] address = Addresses.bytes(client);
		boolean admits = this.admitsOthers;
		Node node = root(address);
		for (int bit = 0; node != null; bit++) {
			if (node.admits != null) {
				admits = node.admits;
			}
			node = (bit < address.length * 8) ? node.next(isSet(address, bit)) : null;
		}
		return admits;
	}

	/**
	 * The addresses that begin with the same bits.
	 */
	private static final class Node {

		private @Nullable Node zero;

		private @Nullable Node one;

		/**
		 * Null where there is no range.
		 */
		private @Nullable Boolean admits;

		@Nullable Node next(boolean bit) {
			return bit ? this.one : this.zero;
		}

		Node make(boolean bit) {
			Node next = next(bit);
			if (next == null) {
				next = new Node();
				if (bit) {
					this.one = next;
				}
				else {
					this.zero = next;
				}
			}
			return next;
		}

	}

}
