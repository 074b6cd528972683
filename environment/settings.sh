# shellcheck shell=bash
# Sourced by setup.sh and by the kernel: settings that must stand before a JVM starts. A value already set
# is kept.

# OpenBLAS chooses its kernels by CPU model. The bundled 0.3.19 takes models newer than itself for the slowest
# one (2.5 times slower on AMD Zen 5), so the choice is made here, by what the CPU can do.
openblas_core() {
  local flags flag
  [[ $(uname -s) == Linux && $(uname -m) == x86_64 ]] || return 0
  flags=" $(sed -n '/^flags/{s/.*://;p;q;}' /proc/cpuinfo 2>/dev/null || true) "
  for flag in avx2 fma; do
    [[ $flags == *" $flag "* ]] || return 0
  done
  for flag in avx512f avx512bw avx512dq avx512vl avx512cd; do
    [[ $flags == *" $flag "* ]] || { echo Haswell; return 0; }
  done
  echo SkylakeX
}

native_settings() {
  # ND4J's and OpenBLAS's waiting threads otherwise spin against each other: half the speed.
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
  export OPENBLAS_THREAD_TIMEOUT="${OPENBLAS_THREAD_TIMEOUT:-14}"
  local core
  core=${OPENBLAS_CORETYPE:-$(openblas_core)}
  [[ -z $core ]] || export OPENBLAS_CORETYPE="$core"
  # Java takes file names and texts for ASCII in the C locale.
  if [[ $(uname -s) == Linux && $(locale charmap 2>/dev/null) != UTF-8 &&
    $(locale -a 2>/dev/null) == *C.[uU][tT][fF]* ]]; then
    export LC_ALL=C.UTF-8
  fi
}

# Bytes of memory this process may use: the machine's, or less in a container, in a control group, or by the
# word of JupyterHub.
memory_limit() {
  local file bytes least v1 v2
  if [[ $(uname -s) == Darwin ]]; then
    sysctl -n hw.memsize
    return
  fi
  least=$(awk '/^MemTotal:/ {printf "%.0f", $2 * 1024}' /proc/meminfo)
  v1=$(sed -n 's/^[0-9]*:memory:\/*//p' /proc/self/cgroup 2>/dev/null || true)
  v2=$(sed -n 's/^0::\/*//p' /proc/self/cgroup 2>/dev/null || true)
  for file in "/sys/fs/cgroup/memory.max" "/sys/fs/cgroup/$v2/memory.max" \
    /sys/fs/cgroup/memory/memory.limit_in_bytes "/sys/fs/cgroup/memory/$v1/memory.limit_in_bytes"; do
    [[ -r $file ]] || continue
    bytes=$(<"$file")
    [[ $bytes =~ ^[0-9]{1,18}$ ]] && ((bytes < least)) && least=$bytes
  done
  [[ ${MEM_LIMIT:-} =~ ^[0-9]{1,18}$ ]] && ((MEM_LIMIT < least)) && least=$MEM_LIMIT
  echo "$least"
}
