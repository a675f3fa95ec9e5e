package dev.echod.admin;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.DeserializationProblemHandler;

/**
 * Hands on an object in a body as its text: Actuator gives an operation texts only.
 */
class ObjectsAsTexts extends DeserializationProblemHandler {

	@Override
	public @Nullable Object handleUnexpectedToken(DeserializationContext context, JavaType target, JsonToken token,
			JsonParser parser, String failure) {
		if (token == JsonToken.START_OBJECT && target.hasRawClass(String.class)) {
			JsonNode object = context.readTree(parser);
			return object.toString();
		}
		return super.handleUnexpectedToken(context, target, token, parser, failure);
	}

}
