//! Services that may take all memory or all process numbers of the host.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Service, yaml::Node},
    finding::Severity,
};

pub const RULE: Rule = Rule {
    codes: &[Code::advice("memory-limit-missing").strict(), Code::advice("pids-limit-missing").strict()],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        if input.is_full() {
            return;
        }
        if service.extends.is_some() || body.get("provider").is_some() {
            continue;
        }
        let name = &service.name;
        if service.resources.memory.is_none() {
            let message = format!(
                "`{name}` may use all memory of the host, so that other programs are ended. Add `mem_limit`, or a limit below `deploy`."
            );
            report(input, service, "memory-limit-missing", message);
        }
        if !has_pids_limit(body) {
            let message = format!(
                "`{name}` may start so many processes that the host can start none. Add `pids_limit`, such as `pids_limit: 200`."
            );
            report(input, service, "pids-limit-missing", message);
        }
    }
}

fn report(input: &mut CheckInput<'_>, service: &Service, code: &str, message: String) {
    let finding = input.finding(code, Severity::Hint, service.key, message);
    input.add(finding.of_service(&service.name));
}

fn has_pids_limit(body: &Node) -> bool {
    body.get("pids_limit").or_else(|| body.at(&["deploy", "resources", "limits", "pids"])).is_some()
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{none, one};

    fn stack(lines: &str) -> String {
        format!("services:\n  web:\n    image: a:1\n{lines}")
    }

    #[test]
    fn a_service_without_limits_is_found() {
        one(&stack(""), "memory-limit-missing");
        one(&stack(""), "pids-limit-missing");
    }

    #[test]
    fn both_forms_of_a_limit_count() {
        let short = stack("    mem_limit: 1g\n    pids_limit: 100\n");
        let long = stack("    deploy: {resources: {limits: {memory: 1g, pids: 100}}}\n");
        for text in [short, long, stack("    extends: {file: base.yml, service: web}\n")] {
            none(&text, "memory-limit-missing");
            none(&text, "pids-limit-missing");
        }
    }
}
