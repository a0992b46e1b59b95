//! Images whose purpose is to work with the container engine.

use crate::{catalog::guess, compose::ImageReference, rights::leads_to_socket};

/// Repositories of tools that show, update, back up or route to containers.
const TOOLS: &[&str] = &[
    "amir20/dozzle",
    "beszel/beszel-agent",
    "cadvisor/cadvisor",
    "containrrr/watchtower",
    "coollabsio/coolify",
    "corentinth/dockge",
    "crazymax/diun",
    "datadog/agent",
    "docker",
    "dokku/dokku",
    "dokploy/dokploy",
    "drone/drone-runner-docker",
    "fmartinou/whats-up-docker",
    "getarcaneapp/arcane",
    "getwud/wud",
    "gethomepage/homepage",
    "gitea/act_runner",
    "gitlab/gitlab-runner",
    "glances/glances",
    "grafana/alloy",
    "grafana/promtail",
    "henrygd/beszel-agent",
    "jwilder/docker-gen",
    "jwilder/nginx-proxy",
    "lazyteam/lazydocker",
    "linuxserver/socket-proxy",
    "localstack/localstack",
    "louislam/dockge",
    "lucaslorentz/caddy-docker-proxy",
    "mcuadros/ofelia",
    "moghtech/komodo-periphery",
    "netdata/netdata",
    "nginxproxy/acme-companion",
    "nginxproxy/docker-gen",
    "nginxproxy/nginx-proxy",
    "nicholas-fedor/watchtower",
    "nicolargo/glances",
    "offen/docker-volume-backup",
    "portainer/agent",
    "portainer/portainer-ce",
    "portainer/portainer-ee",
    "selfhostedpro/yacht",
    "swarmpit/agent",
    "swarmpit/swarmpit",
    "tecnativa/docker-socket-proxy",
    "telegraf",
    "timberio/vector",
    "wollomatic/socket-proxy",
    "willfarrell/autoheal",
    "woodpeckerci/woodpecker-agent",
];

/// Whether the image is such a tool, in any registry: one of the list, or an app of the catalogue that is added with the socket.
pub fn is_engine_tool(image: &ImageReference) -> bool {
    let repository = image.repository.strip_prefix("library/").unwrap_or(&image.repository);
    let with_socket = || {
        let app = guess(image)?;
        Some(app.volumes.iter().filter_map(|volume| volume.source.as_deref()).any(leads_to_socket))
    };
    TOOLS.contains(&repository) || with_socket().unwrap_or_default()
}
