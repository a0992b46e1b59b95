//! The order of the keys of a file and of a service, and the blank lines between them.
//!
//! A key that uses an anchor stays below the key that defines it.

use std::collections::{HashMap, HashSet};

use super::build::{Document, Entry, take_head};
use crate::compose::{
    place::Place,
    syntax::{NodeKind, Tree},
};

/// Keys of the top level. Unknown keys follow, then those that begin with `x-`.
const FILE: &[&str] =
    &["<<", "version", "name", "include", "services", "networks", "volumes", "configs", "secrets", "models"];

/// Keys of a service: what runs, how it is started, what it needs, what it is given, how it is reached, how it is kept
/// alive, what it may use, and what is said about it. Unknown keys follow, then those that begin with `x-`.
pub const SERVICE: &[&str] = &[
    "<<",
    "extends",
    "provider",
    "image",
    "build",
    "pull_policy",
    "pull_refresh_after",
    "platform",
    "container_name",
    "hostname",
    "domainname",
    "profiles",
    "command",
    "entrypoint",
    "working_dir",
    "user",
    "group_add",
    "init",
    "stdin_open",
    "tty",
    "attach",
    "depends_on",
    "links",
    "external_links",
    "environment",
    "env_file",
    "ports",
    "expose",
    "volumes",
    "volumes_from",
    "tmpfs",
    "configs",
    "secrets",
    "models",
    "networks",
    "network_mode",
    "mac_address",
    "extra_hosts",
    "dns",
    "dns_opt",
    "dns_search",
    "healthcheck",
    "restart",
    "post_start",
    "pre_stop",
    "stop_signal",
    "stop_grace_period",
    "deploy",
    "scale",
    "cpus",
    "cpu_count",
    "cpu_percent",
    "cpu_shares",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpuset",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "oom_kill_disable",
    "oom_score_adj",
    "pids_limit",
    "shm_size",
    "ulimits",
    "blkio_config",
    "storage_opt",
    "gpus",
    "devices",
    "device_cgroup_rules",
    "privileged",
    "read_only",
    "cap_add",
    "cap_drop",
    "security_opt",
    "credential_spec",
    "use_api_socket",
    "userns_mode",
    "cgroup",
    "cgroup_parent",
    "ipc",
    "pid",
    "uts",
    "isolation",
    "runtime",
    "sysctls",
    "logging",
    "labels",
    "label_file",
    "annotations",
    "develop",
];

/// Sorts the keys of the file and of its services, and sets the blank lines.
pub fn sort(text: &str, tree: &Tree, document: &mut Document) {
    let uses = Uses::of(text, tree);
    if let Some(services) = document.entries.iter_mut().find(|entry| entry.key == "services") {
        for service in services.children.iter_mut().filter(|entry| !entry.is_item) {
            if arrange(&mut service.children, SERVICE, uses.as_ref(), &mut service.head) {
                service.head.iter_mut().take(1).for_each(|line| line.blank = false);
            }
        }
    }
    arrange(&mut document.entries, FILE, uses.as_ref(), &mut document.head);
    space(document);
}

/// Sorts entries; false if they are in order. Comments that are about all of them move to the head of the block.
fn arrange(
    entries: &mut Vec<Entry>,
    keys: &[&str],
    uses: Option<&Uses>,
    head: &mut Vec<super::build::Line>,
) -> bool {
    let Some(uses) = uses.filter(|_| entries.iter().all(|entry| !entry.is_item)) else { return false };
    let order = order(entries, keys, uses);
    if order.iter().enumerate().all(|(new, old)| new == *old) {
        return false;
    }
    if let Some(first) = entries.first_mut() {
        head.append(&mut take_head(first));
    }
    let mut taken: Vec<Option<Entry>> = std::mem::take(entries).into_iter().map(Some).collect();
    entries.extend(order.into_iter().filter_map(|old| taken.get_mut(old)?.take()));
    // What the blank lines separated is elsewhere now.
    entries.iter_mut().for_each(|entry| entry.blank = false);
    let under_comment = head.last().is_some_and(|line| !line.marker);
    entries.iter_mut().take(1).for_each(|entry| entry.blank = under_comment);
    true
}

/// The new order, as indexes. Each entry is preceded by those whose anchors it uses.
fn order(entries: &[Entry], keys: &[&str], uses: &Uses) -> Vec<usize> {
    let ranks: HashMap<&str, usize> = keys.iter().enumerate().map(|(rank, key)| (*key, rank)).collect();
    let rank = |entry: &Entry| match ranks.get(entry.key.as_str()) {
        Some(rank) => *rank,
        None => keys.len() + usize::from(entry.key.starts_with("x-")),
    };
    let needed = uses.between(entries);
    let mut wanted: Vec<usize> = (0..entries.len()).collect();
    wanted.sort_by_key(|index| entries.get(*index).map(rank));
    let mut order = Vec::with_capacity(entries.len());
    let mut reached = vec![false; entries.len()];
    for start in wanted {
        // An entry is reached, then those that it needs, then it is placed.
        let mut open = vec![(start, false)];
        while let Some((index, ready)) = open.pop() {
            if ready {
                order.push(index);
            } else if !std::mem::replace(&mut reached[index], true) {
                open.push((index, true));
                open.extend(needed.get(&index).into_iter().flatten().rev().map(|needed| (*needed, false)));
            }
        }
    }
    order
}

/// The blank lines that every file has: one between services, and around the sections of the top level.
fn space(document: &mut Document) {
    let mut after_section = false;
    for (index, entry) in document.entries.iter_mut().enumerate() {
        let is_section = !entry.children.is_empty() || !entry.more.is_empty() || !entry.tail.is_empty();
        if index > 0 {
            entry.blank |= is_section || after_section;
        }
        after_section = is_section;
        let is_services = entry.key == "services";
        for (index, child) in entry.children.iter_mut().enumerate() {
            child.blank |= is_services && index > 0;
        }
        begin(entry);
    }
}

/// Removes blank lines at the beginning of every block.
fn begin(entry: &mut Entry) {
    let has_head = !entry.head.is_empty();
    entry.children.iter_mut().take(usize::from(!has_head)).for_each(|child| child.blank = false);
    entry.children.iter_mut().for_each(begin);
}

/// Which places use the anchors of which other places.
struct Uses {
    /// For each alias, its offset and that of its anchor, in the order of the text.
    found: Vec<(usize, usize)>,
}

impl Uses {
    /// `None` if an anchor is defined twice: the order then decides which one an alias means.
    fn of(text: &str, tree: &Tree) -> Option<Self> {
        let mut search =
            Search { text, anchors: HashMap::new(), names: HashSet::new(), found: Vec::new(), twice: false };
        search.tree(tree);
        (!search.twice).then_some(Self { found: search.found })
    }

    /// For each entry that needs others, these in the order of the text.
    fn between(&self, entries: &[Entry]) -> HashMap<usize, Vec<usize>> {
        let mut needed: HashMap<usize, Vec<usize>> = HashMap::new();
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return needed };
        let all = Place::new(first.place.start, last.place.end);
        let from = self.found.partition_point(|(alias, _)| *alias < all.start);
        let uses = self.found.iter().skip(from).take_while(|(alias, _)| *alias <= all.end);
        let entry_at =
            |offset: usize| entries.partition_point(|entry| entry.place.start <= offset).checked_sub(1);
        for (alias, anchor) in uses.filter(|(_, anchor)| *anchor >= all.start) {
            if let (Some(user), Some(needs)) = (entry_at(*alias), entry_at(*anchor))
                && user != needs
            {
                needed.entry(user).or_default().push(needs);
            }
        }
        for needs in needed.values_mut() {
            needs.sort_unstable();
            needs.dedup();
        }
        needed
    }
}

struct Search<'t> {
    text: &'t str,
    anchors: HashMap<usize, usize>,
    names: HashSet<&'t str>,
    found: Vec<(usize, usize)>,
    twice: bool,
}

impl Search<'_> {
    fn tree(&mut self, tree: &Tree) {
        if let Some((number, place)) = tree.anchor {
            self.anchors.insert(number, place.start);
            self.twice |= !self.names.insert(place.slice(self.text).trim_start_matches('&'));
        }
        match &tree.kind {
            NodeKind::Alias(number) => {
                self.found.extend(self.anchors.get(number).map(|anchor| (tree.place.start, *anchor)));
            }
            NodeKind::Sequence { items, .. } => items.iter().for_each(|item| self.tree(&item.node)),
            NodeKind::Mapping { pairs, .. } => {
                for pair in pairs {
                    self.tree(&pair.key);
                    self.tree(&pair.value);
                }
            }
            NodeKind::Missing | NodeKind::Scalar { .. } => {}
        }
    }
}
