import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.transport.Netty4Plugin;

/**
 * One node of Elasticsearch on the loopback interface, from the jars of Maven Central, for tests. It runs until its standard
 * input ends.
 *
 * Arguments: the folder of the node, its name, its HTTP port, its transport port, the transport ports of all nodes.
 */
public final class Launcher extends Node {
    /** The filter that Elasticsearch has in its module of analysis, of which Maven Central has no such version. */
    public static final class Folding extends Plugin implements AnalysisPlugin {
        @Override
        public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
            return Map.of("asciifolding", (index, environment, name, settings) ->
                new AbstractTokenFilterFactory(index, name, settings) {
                    @Override
                    public TokenStream create(TokenStream words) {
                        return new ASCIIFoldingFilter(words);
                    }
                });
        }
    }

    private Launcher(Environment environment) {
        super(environment, List.of(Netty4Plugin.class, Folding.class), true);
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(home.resolve("config"));
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", home.resolve("data").toString())
            .put("path.logs", home.resolve("logs").toString())
            .put("cluster.name", "ibid-test")
            .put("node.name", arguments[1])
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[2])
            .put("transport.port", arguments[3])
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .putList("discovery.seed_hosts", arguments[4].split(","))
            .put("cluster.initial_master_nodes", "one")
            // The disk of the test may be as full as it likes.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> arguments[1]);
        try (Node node = new Launcher(environment)) {
            node.start();
            System.out.println("started");
            while (System.in.read() >= 0) {
                // The caller holds the other end.
            }
        }
    }
}
