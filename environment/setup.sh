# shellcheck shell=bash
# Sourced by reproduce, test, lab, format and benchmark: finds the tools, then creates what is missing or out of date
# inside this folder. Afterwards `root` is the project's folder, `python` the virtual environment's Python, JAVA_HOME a
# JDK of 17 or newer; Maven is `$root/mvnw`, which downloads itself.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python
logs=$root/target/logs
PATH=:$PATH:
PATH=${PATH//":$venv/bin:"/:} # an activated .venv cannot be used to create a .venv
PATH=${PATH#:} PATH=${PATH%:}
unset PYTHONPATH PYTHONHOME JUPYTER_PATH JUPYTER_CONFIG_PATH
# shellcheck source=environment/settings.sh
source "$root/environment/settings.sh"

# --- Running a command so that a signal to this script ends the command and all its children ---

child=
exec 3>&2 # the screen, no matter where the output of a step goes
stop_on_signal() {
  trap - INT TERM HUP
  if [[ -n $child ]]; then
    kill -TERM -- "-$child" 2>/dev/null || true
    for _ in {1..100}; do # 10 seconds
      kill -0 -- "-$child" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$child" 2>/dev/null || true
  fi
  printf '\nStopped.\n' >&3
  exit 130
}
trap stop_on_signal INT TERM HUP

run_child() {
  local status=0
  set -m # in its own process group
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child" || status=$?
  child=
  return "$status"
}

# step LABEL LOG COMMAND...: one line with the label and the time it took; the output goes to target/logs/LOG.
step() {
  local label=$1 log=$logs/$2 began=$SECONDS status=0
  shift 2
  mkdir -p "$logs"
  printf '%-60s ' "$label"
  run_child "$@" >"$log" 2>&1 || status=$?
  if ((status == 0)); then
    printf '%4d s\n' $((SECONDS - began))
    return
  fi
  printf 'failed\n'
  {
    tail -n 20 "$log" | sed 's/^/  /'
    [[ -s $log ]] || echo "  It printed nothing; there are $(free_megabytes "$logs") MB free in $logs."
    echo "Full log: $log"
  } >&2
  exit 1
}

# --- Tools ---

# find_java: sets JAVA_HOME, java_version and java_arch, or java_found to what was found but cannot be used.
find_java() {
  local candidate answer home
  java_found=
  for candidate in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" \
      "$(/usr/libexec/java_home -v 17+ 2>/dev/null || true)/bin/java" \
      /usr/lib/jvm/*/bin/java /opt/homebrew/opt/openjdk*/bin/java /usr/local/opt/openjdk*/bin/java; do
    [[ -x $candidate ]] || continue
    answer=$("$candidate" -XshowSettings:properties -version 2>&1 || true)
    home=$(sed -n 's/^ *java\.home = //p' <<<"$answer")
    java_version=$(sed -n 's/^ *java\.version = //p' <<<"$answer")
    java_arch=$(sed -n 's/^ *os\.arch = //p' <<<"$answer")
    if [[ ${java_version%%[!0-9]*} -lt 17 ]]; then
      java_found=${java_found:-Java $java_version in $home}
    elif [[ ! -x $home/bin/javac ]]; then
      java_found=${java_found:-a Java $java_version without javac in $home}
    else
      export JAVA_HOME=$home
      return 0
    fi
  done
  return 1
}

at_least() { # at_least VERSION MAJOR MINOR
  local major=${1%%.*} rest=${1#*.}
  local minor=${rest%%[!0-9]*}
  ((${major:-0} > $2 || (${major:-0} == $2 && ${minor:-0} >= $3)))
}

# find_python: sets base_python and python_version, or python_found and python_lacks.
find_python() {
  local candidate
  python_found=
  for candidate in python3 python3.{14,13,12,11,10}; do
    command -v "$candidate" >/dev/null || continue
    python_version=$("$candidate" -c 'import platform; print(platform.python_version())' 2>/dev/null || true)
    if ! at_least "$python_version" 3 10; then
      python_found=${python_found:-Python ${python_version:-that does not start}}
    elif ! "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then
      python_found="a Python $python_version without venv"
    else
      base_python=$candidate
      return 0
    fi
  done
  return 1
}

# require_platform SYSTEM ARCH: ND4J has native code only for these; ARCH is the JDK's, not the machine's.
require_platform() {
  case "$1 $2" in
    "Linux amd64" | "Linux aarch64" | "Darwin x86_64" | "Darwin aarch64") return ;;
  esac
  local remedy="open the notebooks on Binder, or run this on one of these"
  case $1 in
    MINGW* | MSYS* | CYGWIN*) remedy="use the Windows Subsystem for Linux (wsl --install), or open the notebooks on Binder" ;;
  esac
  echo "This runs on Linux and macOS, x86-64 and arm64, for which ND4J 1.0.0-M2.1 has native code, but not on $1 with a JDK" \
    "for $2: $remedy." >&2
  exit 1
}

free_megabytes() { # of the disk that holds FOLDER; prints nothing if df does not know
  df -Pm "$1" 2>/dev/null | awk 'NR == 2 {print $4}'
}

# require_room FOLDER MEGABYTES REMEDY
require_room() {
  local free
  free=$(free_megabytes "$1")
  if [[ $free =~ ^[0-9]+$ ]] && ((free < $2)); then
    echo "There are $free MB free in $1, and $2 are needed: $3." >&2
    exit 1
  fi
}

# require_folder FOLDER REMEDY: checks that it can be written to, that programs in it may be run, and that Java can read its path.
require_folder() {
  local folder=$1 probe
  probe=$folder/.probe-$$
  if ! mkdir -p "$folder" 2>/dev/null || ! printf '#!/bin/sh\n' 2>/dev/null >"$probe"; then
    echo "Cannot write to $folder: $2." >&2
    exit 1
  fi
  chmod +x "$probe"
  if ! "$probe" 2>/dev/null; then
    rm -f "$probe"
    echo "Cannot run programs in $folder, which is mounted with noexec: $2." >&2
    exit 1
  fi
  rm -f "$probe"
  # Java's launcher does not accept characters beyond 16 bits in its class path: four bytes of UTF-8, from F0 on.
  if printf '%s\n' "$folder" | LC_ALL=C grep -q $'[\xf0-\xf7]'; then
    echo "Java cannot start in $folder, because the path has an emoji or another rare character: $2." >&2
    exit 1
  fi
}

# The disks that a set-up and a run write to. 1,000 MB hold everything that the first one creates here and Maven's downloads;
# later ones write native code, reports and checkpoints. Room is checked first, since a full disk cannot be written to either.
require_disks() {
  local here="make room there, or copy the project to a folder of your own on another disk"
  local maven=${MAVEN_USER_HOME:-${HOME:-$root/target}/.m2} scratch=${TMPDIR:-/tmp}
  local elsewhere="name other folders in MAVEN_USER_HOME and in MAVEN_ARGS=-Dmaven.repo.local=FOLDER"
  local first=0
  [[ -f $venv/stamp && -f $root/target/lib/stamp ]] || first=1
  require_room "$root" $((first ? 1000 : 100)) "$here"
  require_folder "$root/target" "allow it, or copy the project to a folder of your own on another disk"
  ((first)) || return 0
  require_room "$scratch" 200 "make room there, or name another folder in TMPDIR"
  mkdir -p "$maven" 2>/dev/null || true
  require_room "$maven" 400 "make room there, or $elsewhere"
  require_folder "$maven" "allow it, or $elsewhere"
}

# Package names differ: Debian 13 no longer has JDK 17, and venv is a separate package.
require_tools() {
  local missing=() apt=() brew=() jdk=openjdk-17-jdk-headless
  # shellcheck disable=SC1091
  if [[ -r /etc/os-release ]] && (. /etc/os-release && [[ $ID == debian && ${VERSION_ID:-13} -ge 13 ]]); then
    jdk=openjdk-21-jdk-headless
  fi
  if find_java; then
    require_platform "$(uname -s)" "$java_arch"
  else
    require_platform "$(uname -s)" amd64
    missing+=("JDK 17 or newer, java and javac (found: ${java_found:-none})")
    apt+=("$jdk")
    brew+=(openjdk@21)
  fi
  if ! find_python; then
    missing+=("Python 3.10 or newer with venv (found: ${python_found:-none})")
    apt+=(python3 python3-venv)
    brew+=(python@3.12)
  fi
  if ((${#missing[@]} > 0)); then
    {
      printf 'Missing: %s\n' "${missing[@]}"
      if [[ $(uname -s) == Darwin ]]; then
        echo "Install with:  brew install ${brew[*]}"
      else
        echo "Install with:  sudo apt-get update && sudo apt-get install -y ${apt[*]}"
        echo "               (Debian 12, Ubuntu 24.04 or newer; package names differ on other systems)"
      fi
    } >&2
    exit 1
  fi
}

# --- What is created: the virtual environment, the kernel specification, the library's jars ---

# The stamp is written last, so everything is created again after an interrupted set-up, with another Python or in a moved folder.
make_environment() {
  local stamp
  stamp="$root $("$base_python" -V) $(cksum <"$root/environment/requirements.txt")"
  if [[ ! -f $venv/stamp || $(<"$venv/stamp") != "$stamp" ]] || ! "$python" -c '' 2>/dev/null; then
    rm -rf "$venv"
    step "Python environment in .venv" venv.log "$base_python" -m venv "$venv"
    step "Jupyter and the Java kernel" pip.log "$python" -m pip --disable-pip-version-check --no-cache-dir \
      install --no-deps -r "$root/environment/requirements.txt"
    step "Their versions fit together" pip-check.log "$python" -m pip --disable-pip-version-check check
    printf '%s\n' "$stamp" >"$venv/stamp"
  fi
  mkdir -p "$venv/jupyter"
  "$python" "$root/environment/install_kernel.py" "$JAVA_HOME"
}

# For environment/test and environment/format. make_environment removes it with the rest of .venv.
make_test_tools() {
  local requirements=$root/environment/test-requirements.txt stamp
  stamp=$(cksum <"$requirements")
  if [[ ! -f $venv/test-stamp || $(<"$venv/test-stamp") != "$stamp" ]]; then
    step "Tools of the tests" pip-test.log "$python" -m pip --disable-pip-version-check --no-cache-dir \
      install --no-deps -r "$requirements"
    step "Versions still fit together" pip-check.log "$python" -m pip --disable-pip-version-check check
    printf '%s\n' "$stamp" >"$venv/test-stamp"
  fi
}

# Built next to target/lib and then moved there, so that a running notebook keeps the jars it has open.
make_library() {
  local stamp
  stamp=$(cd "$root" && find pom.xml lib-src -type f ! -path 'lib-src/test/*' -exec cksum {} + |
    LC_ALL=C sort | cksum)
  if [[ ! -f $root/target/lib/stamp || $(<"$root/target/lib/stamp") != "$stamp" ]]; then
    rm -rf "$root/target/lib.part"
    step "Library (the first time, Maven fetches about 200 MB)" maven.log \
      "$root/mvnw" -q -B -f "$root/pom.xml" package -DskipTests -Djar.directory="$root/target/lib.part"
    printf '%s\n' "$stamp" >"$root/target/lib.part/stamp"
    rm -rf "$root/target/lib"
    mv "$root/target/lib.part" "$root/target/lib"
  fi
}

set_up() {
  native_settings
  require_tools
  require_disks
  # Jupyter's own files stay in this folder.
  export JUPYTER_CONFIG_DIR=$venv/jupyter/config JUPYTER_DATA_DIR=$venv/jupyter/data
  export JUPYTER_RUNTIME_DIR=$venv/jupyter/runtime IPYTHONDIR=$venv/jupyter/ipython JUPYTER_PREFER_ENV_PATH=1
  mkdir -p "$root/target"
  export PIP_USER=0
  echo "JDK $java_version, Python $python_version"
  exec 9>"$root/target/setup.lock"
  if command -v flock >/dev/null; then
    flock -n 9 || { echo "Waiting for another set-up in this folder to finish."; flock 9; }
  fi
  make_environment 9>&-
  make_library 9>&-
  exec 9>&-
}
