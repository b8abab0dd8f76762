/** The scripts that shells load: each asks `penstock complete` with the words so far and offers what it says. */

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const BASH = `# penstock completion for bash: eval "$(penstock completion bash)"
_penstock() {
  local value
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    # Nothing to offer: bash offers files then, by -o default.
    [ "$value" = ":files" ] && return
    [ -n "$value" ] && COMPREPLY+=("$value")
  done < <(penstock complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _penstock penstock
`;

const ZSH = `#compdef penstock
# penstock completion for zsh: source <(penstock completion zsh), after compinit
_penstock() {
  local line
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then
      _files
      return
    fi
    local value=\${line%%$'\\t'*}
    candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done < <(penstock complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)
  _describe penstock candidates
}
compdef _penstock penstock
`;

const FISH = `# penstock completion for fish: penstock completion fish | source
function __penstock_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct | string collect --allow-empty)
    set -l offered (penstock complete -- $words[2..-1] "$word" 2>/dev/null)
    if test "$offered[1]" = ":files"
        __fish_complete_path "$word"
    else
        printf '%s\\n' $offered
    end
end
complete -c penstock -f -a '(__penstock_complete)'
`;

export const SHELL_SCRIPTS: { readonly [shell in Shell]: string } = { bash: BASH, zsh: ZSH, fish: FISH };
