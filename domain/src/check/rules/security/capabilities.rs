//! Capabilities with which a program can leave its container, and others that allow more than they seem to.

use super::texts;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::yaml::Node,
    finding::Severity,
    rights::{capability_name, host_right, wide_right},
};

pub const RULE: Rule = Rule {
    codes: &[
        Code::advice("dangerous-capability").security(),
        Code::advice("wide-capability").strict().security(),
    ],
    look,
};

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        // With the processes of the host in sight, reading their memory is as good as being there.
        let sees_host = body.get("pid").and_then(Node::text).is_some_and(|mode| mode == "host");
        for (_, node, written) in texts(body, "cap_add") {
            if input.is_full() {
                return;
            }
            let capability = capability_name(&written);
            let host = host_right(&capability);
            let wide = wide_right(&capability);
            let is_wide_here = capability == "SYS_PTRACE" && sees_host;
            let (code, severity, allows, advice) = match (host, wide) {
                (Some(allows), _) => (
                    "dangerous-capability",
                    Severity::Warning,
                    allows,
                    "Remove it, or add only the capabilities that the program needs.",
                ),
                (None, Some(_)) if is_wide_here => (
                    "dangerous-capability",
                    Severity::Warning,
                    "read and change the memory of every program of the host, because of `pid: host`",
                    "Remove one of the two.",
                ),
                (None, Some(allows)) => {
                    ("wide-capability", Severity::Hint, allows, "Keep it only if the program needs it.")
                }
                (None, None) => continue,
            };
            let message = format!("With `{capability}`, `{}` can {allows}. {advice}", service.name);
            let finding = input.finding(code, severity, node.here(), message);
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    const DANGEROUS: &str = "dangerous-capability";
    const WIDE: &str = "wide-capability";

    fn stack(lines: &str) -> String {
        format!("services:\n  app:\n    image: app:1\n    {lines}\n")
    }

    #[test]
    fn what_leads_out_of_the_container_is_a_warning() {
        for name in ["ALL", "SYS_ADMIN", "CAP_SYS_MODULE", "sys_rawio", "${CAP:-BPF}"] {
            let text = stack(&format!("cap_add: [\"{name}\"]"));
            assert_eq!(marked(&text, &one(&text, DANGEROUS)), format!("\"{name}\""));
        }
    }

    #[test]
    fn what_a_vpn_or_a_debugger_needs_is_a_hint() {
        for name in ["NET_ADMIN", "SYS_PTRACE"] {
            let text = stack(&format!("cap_add: [{name}]"));
            none(&text, DANGEROUS);
            one(&text, WIDE);
        }
        one(&stack("cap_add: [SYS_PTRACE]\n    pid: host"), DANGEROUS);
    }

    #[test]
    fn ordinary_and_dropped_ones_are_fine() {
        for lines in [
            "cap_add: [CHOWN, NET_BIND_SERVICE, SYS_NICE, IPC_LOCK]",
            "cap_drop: [ALL]",
            "cap_add: [\"${CAP}\"]",
        ] {
            none(&stack(lines), DANGEROUS);
            none(&stack(lines), WIDE);
        }
    }
}
