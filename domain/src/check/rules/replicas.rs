//! Services with several replicas that can run only once.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::{Port, Protocol, Service},
    finding::Severity,
    stack::{Edit, PortSpec},
};

pub const RULE: Rule = Rule {
    codes: &[Code::compose("replicas-with-container-name"), Code::runtime("replicas-with-host-port")],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        let Some(count) = service.resources.replicas.as_ref().map(|count| count.value) else { continue };
        if count < 2 {
            continue;
        }
        if let Some(name) = &service.container_name {
            let message = format!(
                "`{}` runs {count} times, but only one container can be named `{}`. Remove the name and let Compose choose.",
                service.name, name.value
            );
            let finding =
                input.finding("replicas-with-container-name", Severity::Error, name.place, message).with_fix(
                    "Remove `container_name`",
                    Edit::RemoveKey { path: service_path(&service.name, "container_name") },
                );
            input.add(finding.of_service(&service.name));
        }
        for port in &service.ports {
            let Some(edit) = released(service, port, count) else { continue };
            let message = format!(
                "`{}` runs {count} times, but only one container can have this port of the host. Let the engine choose the \
                 ports, or put a proxy in front.",
                service.name
            );
            let finding = input
                .finding("replicas-with-host-port", Severity::Error, port.place, message)
                .with_fix("Let the engine choose the port", edit);
            input.add(finding.of_service(&service.name));
        }
    }
}

/// The edit that removes the host port, if there are fewer host ports than containers.
fn released(service: &Service, port: &Port, count: i64) -> Option<Edit> {
    let mapping = port.mapping.as_ref()?;
    let (first, last) = mapping.published?;
    let (first_target, last_target) = mapping.target;
    let for_each = i64::from(last - first + 1) / i64::from(last_target - first_target + 1);
    let target = if first_target == last_target {
        first_target.to_string()
    } else {
        format!("{first_target}-{last_target}")
    };
    let protocol = (mapping.protocol != Protocol::Tcp).then(|| mapping.protocol.as_str().to_owned());
    let port_spec = PortSpec { host_ip: mapping.host_ip.clone(), published: None, target, protocol };
    (for_each < count).then(|| Edit::SetPort {
        service: service.name.clone(),
        index: port.index,
        port: port_spec,
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none};

    fn stack(rest: &str) -> String {
        format!("services:\n  web:\n    image: a:1\n    deploy:\n      replicas: 3\n{rest}")
    }

    #[test]
    fn several_containers_cannot_share_a_name() {
        let text = stack("    container_name: web\n");
        assert_eq!(fixed(&text, "replicas-with-container-name"), stack(""));
    }

    #[test]
    fn several_containers_cannot_share_a_host_port() {
        let text = stack("    ports:\n      - \"8080:80\"\n");
        assert!(fixed(&text, "replicas-with-host-port").contains("- \"80\"\n"));
    }

    #[test]
    fn a_range_with_a_port_for_each_is_fine() {
        none(&stack("    ports:\n      - \"8080-8082:80\"\n"), "replicas-with-host-port");
        none(&stack("    ports:\n      - \"80\"\n"), "replicas-with-host-port");
    }
}
