#!/usr/bin/env bash
# Checks that tracked files do not contain forbidden text, and prints the reason. To add a pattern: `forbid WHY PATTERN PATHS…`.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
cd "$ROOT"

status=0

# forbid WHY PATTERN PATHSPEC…: fails if a file among the paths contains the pattern.
forbid() {
  local why="$1" pattern="$2"
  shift 2
  if git grep -nIE --untracked -e "$pattern" -- "$@" >&2; then
    say "^ $why"
    status=1
  fi
}

forbid "children of <textarea> are not escaped by server rendering: use the component TextArea" \
  '<textarea|html::textarea' 'app/src' ':!app/src/components/text_area.rs'
forbid "inner_html writes unescaped text into the page: build the view instead" \
  'inner_html' 'app/src' 'frontend' 'server/src'
forbid "SQL belongs in core/src/db (tests may look into their own database)" \
  'sqlx::query|query(_as|_scalar|_file)?!|QueryBuilder|AssertSqlSafe|raw_sql' \
  'server/src' 'core/src' 'domain' 'app' 'cli' ':!core/src/db' ':(exclude,glob)**/tests.rs' ':(exclude,glob)**/tests/**'
forbid "secrets and mistakes hide behind allow: use #[expect(lint, reason = \"…\")]" \
  '#!?\[allow\(' 'app' 'core' 'domain' 'frontend' 'server' 'cli'

forbid "the builder's model depends on domain alone: code with signals or the browser belongs in builder/state" \
  'leptos|web_sys|js_sys|wasm_bindgen|crate::|super::super' 'app/src/builder/model'
forbid "the builder's state draws nothing: components belong in builder/view" \
  'view!|#\[component\]|builder::view|super::view' 'app/src/builder/state'
forbid "the builder uses deployment and components, never the reverse: share through components or a module of its own" \
  '(^|[^a-z_])builder::' 'app/src/deployment' 'app/src/components'

forbid "the texts in language/help are long: what the browser loads must not pull them in" \
  'language::' 'domain/src/check' 'domain/src/compose' 'domain/src/stack'

# Data from other sources may name any host or path.
ours=(':!Cargo.lock' ':!tests' ':!**/tests/**' ':!**/catalog/**' ':!scripts/check/forbidden-text.sh')
forbid "hosts of package registries: every machine has its own" \
  '(npmjs|yarnpkg|pythonhosted|pypi|crates|debian)\.(org|io|com)' "${ours[@]}"
if ((${#ROOT} > 6)); then
  forbid "a path of this machine" "$(sed 's/[.[\*^$+?(){}|]/\\&/g' <<<"$ROOT")/" "${ours[@]}"
fi
exit "$status"
