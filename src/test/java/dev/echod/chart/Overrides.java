package dev.echod.chart;

import java.util.List;

/**
 * Values that override what can be, in sets that go together.
 */
final class Overrides {

	/**
	 * For clients from outside, on both families, watched pod by pod.
	 */
	static final String LOAD_BALANCED = """
			config:
			  server: { address: "::" }
			  echod:
			    listeners:
			      echo: { address: "::" }
			      lines: { address: "::", port: 7007, framing: lf }
			service:
			  type: LoadBalancer
			  labels: { team: a }
			  ports: { echo: { port: 7, nodePort: 30007 } }
			  ipFamilyPolicy: PreferDualStack
			  ipFamilies: [IPv6, IPv4]
			  sessionAffinity: ClientIP
			  sessionAffinityTimeoutSeconds: 600
			  externalTrafficPolicy: Local
			  loadBalancerClass: example.com/internal
			  loadBalancerSourceRanges: [10.0.0.0/8, "2001:db8::/32"]
			headlessService: { enabled: true, labels: { team: b }, annotations: { a: b } }
			tcpRoutes:
			  echo:
			    parentRefs: [{ name: edge, namespace: gateways, sectionName: echo }]
			    labels: { team: c }
			    annotations: { c: d }
			  lines: { parentRefs: [{ name: edge, namespace: gateways, port: 7007 }] }
			autoscaling: { enabled: true }
			networkPolicy:
			  enabled: true
			  from:
			    echo:
			      - namespaceSelector: { matchLabels: { team: a } }
			        podSelector: { matchExpressions: [{ key: role, operator: In, values: [client] }] }
			      - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] }
			  adminFrom: [{ podSelector: { matchLabels: { app: monitoring } } }]
			""";

	private Overrides() {
	}

	static List<String> all() {
		return List.of(LOAD_BALANCED);
	}

}
