# shellcheck shell=bash
# Sourced by setup.sh and by the kernel: settings that must be made before a JVM starts. Values that are
# already set are kept.

native_settings() {
  # Otherwise the waiting threads of ND4J and OpenBLAS spin against each other, which halves the speed.
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
  export OPENBLAS_THREAD_TIMEOUT="${OPENBLAS_THREAD_TIMEOUT:-14}"
  # Otherwise the system keeps freed memory for each thread that ever trained: 1.7 GB in place of 0.5 after 50 trainings.
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
  # In the C locale, Java treats file names and texts as ASCII.
  if [[ $(uname -s) == Linux && $(locale charmap 2>/dev/null) != UTF-8 &&
    $(locale -a 2>/dev/null) == *C.[uU][tT][fF]* ]]; then
    export LC_ALL=C.UTF-8
  fi
}

# Bytes of memory this process may use: the machine's, or less if a container, a control group or
# JupyterHub sets a limit.
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
