package dev.echod.chart;

import java.util.List;

/**
 * Values that override what can be, in sets that go together.
 */
final class Overrides {

	static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

	/**
	 * For clients from outside, on both families, watched pod by pod.
	 */
	static final String LOAD_BALANCED = """
			image: { repository: "registry.example.com:5000/team/echod", digest: "%s" }
			strategy: { rollingUpdate: { maxUnavailable: 25%%, maxSurge: 0 } }
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
			  ipFamilies: [IPv4, IPv6]
			  sessionAffinity: ClientIP
			  sessionAffinityTimeoutSeconds: 600
			  externalTrafficPolicy: Local
			  loadBalancerClass: example.com/internal
			  loadBalancerSourceRanges: [10.0.0.0/8, "2001:db8::/32"]
			headlessService: { enabled: true, labels: { team: b }, annotations: { a: b } }
			adminService: { labels: { team: d } }
			tcpRoutes:
			  echo:
			    parentRefs: [{ name: edge, namespace: gateways, sectionName: echo }]
			    labels: { team: c }
			    annotations: { c: d }
			  lines: { parentRefs: [{ name: edge, namespace: gateways, port: 7007 }] }
			autoscaling:
			  enabled: true
			  behavior:
			    scaleUp: { selectPolicy: Max }
			    scaleDown:
			      stabilizationWindowSeconds: 600
			      policies: [{ type: Pods, value: 1, periodSeconds: 120 }]
			podDisruptionBudget: { minAvailable: 50%% }
			networkPolicy:
			  enabled: true
			  from:
			    echo:
			      - namespaceSelector: { matchLabels: { team: a } }
			        podSelector: { matchExpressions: [{ key: role, operator: In, values: [client] }] }
			      - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] }
			  adminFrom: [{ podSelector: { matchLabels: { app: monitoring } } }]
			podMonitor:
			  enabled: true
			  interval: 1m
			  scrapeTimeout: 60s
			  labels: { release: prometheus }
			  relabelings: [{ sourceLabels: [__meta_kubernetes_pod_node_name], targetLabel: node }]
			  metricRelabelings: [{ action: drop, sourceLabels: [__name__], regex: jvm_.* }]
			""".formatted(DIGEST);

	/**
	 * For pods that are not alone.
	 */
	static final String ACCOMPANIED = """
			autoscaling: { enabled: true }
			probes:
			  startup: { failureThreshold: 300 }
			  readiness: { initialDelaySeconds: 1, periodSeconds: 5 }
			podSecurityContext:
			  runAsUser: null
			  fsGroup: 20000
			  sysctls: [{ name: net.ipv4.tcp_keepalive_time, value: "60" }]
			securityContext: { readOnlyRootFilesystem: false, capabilities: { add: [NET_ADMIN] } }
			priorityClassName: high
			runtimeClassName: gvisor
			dnsPolicy: None
			dnsConfig: { nameservers: [10.0.0.10], searches: [example.com], options: [{ name: ndots, value: "1" }] }
			extraEnv: [{ name: JAVA_TOOL_OPTIONS, value: "-Xmx256m" }]
			envFrom: [{ configMapRef: { name: mine } }, { prefix: ECHOD_, secretRef: { name: yours, optional: true } }]
			extraVolumes: [{ name: bundles, secret: { secretName: bundles } }, { name: dumps, emptyDir: {} }]
			extraVolumeMounts:
			  - { name: bundles, mountPath: /etc/bundles, readOnly: true }
			  - { name: dumps, mountPath: /tmp/dumps }
			initContainers:
			  - { name: wait, image: busybox, args: [sleep, "1"] }
			  - { name: proxy, image: proxy, restartPolicy: Always }
			extraContainers: [{ name: tail, image: busybox, volumeMounts: [{ name: dumps, mountPath: /dumps }] }]
			""";

	/**
	 * For one pod on each node, on its network.
	 */
	static final String ON_THE_HOST = """
			strategy: { type: Recreate }
			service: { type: NodePort, ports: { echo: { nodePort: 30080 } }, externalTrafficPolicy: Local }
			headlessService: { enabled: true }
			hostNetwork: true
			podSecurityContext: { sysctls: [{ name: kernel.shm_rmid_forced, value: "1" }] }
			podDisruptionBudget: { minAvailable: 0 }
			serviceMonitor:
			  enabled: true
			  interval: 500ms
			  scrapeTimeout: 499ms
			  labels: { release: prometheus }
			  relabelings: [{ action: LabelDrop, regex: container }]
			  metricRelabelings: [{ action: keep, sourceLabels: [__name__], regex: echod_.* }]
			""";

	private Overrides() {
	}

	static List<String> all() {
		return List.of(LOAD_BALANCED, ACCOMPANIED, ON_THE_HOST);
	}

}
