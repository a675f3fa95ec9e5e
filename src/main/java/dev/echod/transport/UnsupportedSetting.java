package dev.echod.transport;

/**
 * Refuses inherited settings that mean nothing on event loops.
 */
final class UnsupportedSetting {

	private UnsupportedSetting() {
	}

	static void refuse(boolean refused, Object owner, String setting, String reason) {
		if (refused) {
			throw new UnsupportedOperationException(
					"'%s' of %s is not supported: %s".formatted(setting, owner.getClass().getSimpleName(), reason));
		}
	}

}
