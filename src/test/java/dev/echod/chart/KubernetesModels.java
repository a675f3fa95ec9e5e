package dev.echod.chart;

import java.io.IOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonObject;
import dev.echod.testing.Chart;
import io.fabric8.kubernetes.api.model.gatewayapi.v1alpha2.TCPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The models of Kubernetes, of the Prometheus operator and of the Gateway API.
 */
final class KubernetesModels {

	/**
	 * The models of operators keep fields that they do not know; here they fail.
	 */
	private static final ObjectMapper STRICT = new ObjectMapper()
		.setAnnotationIntrospector(new JacksonAnnotationIntrospector() {

			private static final long serialVersionUID = 1L;

			@Override
			public Boolean hasAnySetter(Annotated annotated) {
				return false;
			}

		});

	private KubernetesModels() {
	}

	/**
	 * Unknown fields and missing ones fail.
	 */
	static void validate(JsonObject object) throws IOException {
		switch (object.get("kind").getAsString()) {
			case "ConfigMap" -> V1ConfigMap.validateJsonElement(object);
			case "Deployment" -> V1Deployment.validateJsonElement(object);
			case "HorizontalPodAutoscaler" -> V2HorizontalPodAutoscaler.validateJsonElement(object);
			case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(object);
			case "Pod" -> V1Pod.validateJsonElement(object);
			case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(object);
			case "PodMonitor" -> STRICT.readValue(object.toString(), PodMonitor.class);
			case "PrometheusRule" -> STRICT.readValue(object.toString(), PrometheusRule.class);
			case "Secret" -> V1Secret.validateJsonElement(object);
			case "Service" -> V1Service.validateJsonElement(object);
			case "ServiceAccount" -> V1ServiceAccount.validateJsonElement(object);
			case "ServiceMonitor" -> STRICT.readValue(object.toString(), ServiceMonitor.class);
			case "TCPRoute" -> STRICT.readValue(object.toString(), TCPRoute.class);
			default -> throw new AssertionError("No schema for " + object);
		}
	}

	static void validate(Chart chart) throws IOException {
		assertThat(chart.objects()).isNotEmpty();
		for (JsonObject object : chart.objects().values()) {
			validate(object);
		}
	}

}
